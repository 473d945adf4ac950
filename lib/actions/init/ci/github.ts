/** Workflows of GitHub Actions, each with the least that its step needs. Every action is pinned to the commit of the release beside it. */

const checkout = `      - uses: actions/checkout@11bd71901bbe5b1630ceea73d27597364c9af683 # v4.2.2
        with:
          # Plans compare with other commits.
          fetch-depth: 0
          persist-credentials: false`;
/** A cache is for jobs without credentials alone: whoever can write it would run in the others. */
const node = (cache: boolean) => `      - uses: actions/setup-node@49933ea5288caeca8642d1e84afbd3f7d6820020 # v4.4.0
        with:
          node-version: 24${cache ? '\n          cache: npm' : ''}
      - run: npm ci --ignore-scripts`;
const upload = 'actions/upload-artifact@ea165f8d65b6e75b540449e92b4886f43607fa02 # v4.6.2';
const download = 'actions/download-artifact@d3f86a106a0bac45b974a628896c90dbdf5c8093 # v4.3.0';
const awsCredentials = (
  role: string,
) => `      - uses: aws-actions/configure-aws-credentials@e3dd6a429d7300a6a4c196c26e071d42e0343502 # v4.0.2
        with:
          role-to-assume: \${{ vars.${role} }}
          aws-region: \${{ vars.TANDEM_AWS_REGION }}
          mask-aws-account-id: true`;
/** What reaches the clouds, as a step's environment; the file is in the job's own folder. */
const withClouds = (command: string, before = '', variables = '') => `      - run: |
          umask 077
          printf '%s' "$CLOUDS_YAML" > "$RUNNER_TEMP/clouds.yaml"${before}
          OS_CLIENT_CONFIG_FILE="$RUNNER_TEMP/clouds.yaml" ${command}
        env:
          CLOUDS_YAML: \${{ secrets.CLOUDS_YAML }}
          TANDEM_SECRETS_KEY: \${{ secrets.TANDEM_SECRETS_KEY }}${variables}`;

const plan = `# Checks each pull request, and plans what it changes on both clouds.
#
# It holds no credential and may only read: a pull request can change the configuration, stacks/custom and this file itself. It compares
# two commits, so no cloud is asked. For a fork, Tandem refuses to run stacks/custom. Never \`pull_request_target\`: that has secrets.
# The plan and its page are an artifact; tandem-review.yml writes the plan into the pull request.
name: tandem plan
on: pull_request
permissions:
  contents: read
concurrency:
  group: tandem-plan-\${{ github.event.pull_request.number }}
  cancel-in-progress: true
jobs:
  plan:
    runs-on: ubuntu-latest
    timeout-minutes: 15
    steps:
${checkout}
${node(true)}
      - run: npx tandem validate
      - run: npx tandem plan --base "origin/$GITHUB_BASE_REF" --json --markdown plan.md --html plan.html > plan.json
      - run: cat plan.md >> "$GITHUB_STEP_SUMMARY"
      - uses: ${upload}
        with:
          name: tandem-plan
          path: |
            plan.json
            plan.html
          retention-days: 14
`;

const review = `# Writes the plan that tandem-plan.yml made into the pull request, as one comment that later runs update.
#
# It has a token that may write comments and statuses, and runs the code of the default branch alone: the plan is data, checked by its
# schema. The pull request is found by branch and commit, not by what the artifact says.
name: tandem review
on:
  workflow_run:
    workflows: [tandem plan]
    types: [completed]
permissions:
  contents: read
concurrency:
  group: tandem-review-\${{ github.event.workflow_run.head_repository.full_name }}-\${{ github.event.workflow_run.head_branch }}
  cancel-in-progress: true
jobs:
  post:
    if: github.event.workflow_run.event == 'pull_request' && github.event.workflow_run.conclusion == 'success'
    runs-on: ubuntu-latest
    timeout-minutes: 10
    permissions:
      # To download the artifact of the other workflow.
      actions: read
      contents: read
      pull-requests: write
      statuses: write
    steps:
${checkout}
${node(false)}
      - uses: ${download}
        with:
          name: tandem-plan
          path: \${{ runner.temp }}/tandem-plan
          run-id: \${{ github.event.workflow_run.id }}
          github-token: \${{ github.token }}
      # A comment that had to be cut links to the run, which has the page among its artifacts.
      - run: npx tandem review post --plan "$RUNNER_TEMP/tandem-plan/plan.json" --status --page-url "$RUN_URL"
        env:
          GITHUB_TOKEN: \${{ github.token }}
          RUN_URL: \${{ github.event.workflow_run.html_url }}
`;

const deploy = `# Deploys what was merged: freezes the plan against the live clouds in a bundle, and executes that bundle, and nothing else, once people
# approved it.
#
# It deploys the environments and the bases of the clouds; leases are deployed by their owners, and what Kolla-Ansible does from a host that
# reaches the hosts.
#
# Settings that it counts on:
# - \`state\` of config/tandem.yaml is \`s3\` or \`pg\`: a runner's own files are gone when its job ends.
# - \`main\` is protected, and takes pull requests only.
# - Environment \`plan\`: for \`main\` alone. AWS trusts its \`environment:plan\` with TANDEM_AWS_PLAN_ROLE, which may only read; its secret
#   CLOUDS_YAML has a user who may only read.
# - Environment \`production\`: for \`main\` alone, with required reviewers: they read the plan in the summary of the job \`bundle\`. AWS trusts
#   its \`environment:production\` with TANDEM_AWS_ROLE.
# - A secret of the environment \`plan\`, TANDEM_BUNDLE_KEY: an Ed25519 key of SSH that signs the bundle as its author; its public half
#   stands in config/approvers.yaml.
# Where approvers must sign, they download the artifact, run \`tandem approve bundle.json\`, and push the file as COMMIT.json to the branch
# \`tandem-bundles\`, before they let the job \`deploy\` go on. It is refused while signatures are missing.
name: tandem deploy
on:
  push:
    branches: [main]
permissions:
  contents: read
concurrency:
  group: tandem-deploy
  cancel-in-progress: false
jobs:
  bundle:
    if: github.ref == 'refs/heads/main'
    runs-on: ubuntu-latest
    environment: plan
    timeout-minutes: 60
    permissions:
      contents: read
      # For the token that AWS exchanges for the role's credentials.
      id-token: write
    steps:
${checkout}
${node(false)}
      - run: npx tandem validate
${awsCredentials('TANDEM_AWS_PLAN_ROLE')}
${withClouds(
  `npx tandem plan '{aws/**,openstack/*/base}' --live --out bundle.json --key "$RUNNER_TEMP/bundle-key" --markdown plan.md`,
  `
          printf '%s\\n' "$TANDEM_BUNDLE_KEY" > "$RUNNER_TEMP/bundle-key"`,
  `
          TANDEM_BUNDLE_KEY: \${{ secrets.TANDEM_BUNDLE_KEY }}`,
)}
      - run: cat plan.md >> "$GITHUB_STEP_SUMMARY"
      - uses: ${upload}
        with:
          name: tandem-bundle
          path: bundle.json
          if-no-files-found: error
          retention-days: 7
  deploy:
    needs: bundle
    if: github.ref == 'refs/heads/main'
    runs-on: ubuntu-latest
    environment: production
    timeout-minutes: 120
    permissions:
      contents: read
      id-token: write
    steps:
${checkout}
${node(false)}
      - uses: ${download}
        with:
          name: tandem-bundle
      # Whoever may push there cannot forge a signature.
      - uses: actions/checkout@11bd71901bbe5b1630ceea73d27597364c9af683 # v4.2.2
        continue-on-error: true
        with:
          ref: tandem-bundles
          path: .tandem-bundles
          persist-credentials: false
      - run: if [ -f ".tandem-bundles/$GITHUB_SHA.json" ]; then cp ".tandem-bundles/$GITHUB_SHA.json" bundle.json; fi
${awsCredentials('TANDEM_AWS_ROLE')}
${withClouds('npx tandem deploy bundle.json --yes')}
`;

/** By path. */
export const gitHubWorkflows: Readonly<Record<string, string>> = {
  '.github/workflows/tandem-plan.yml': plan,
  '.github/workflows/tandem-review.yml': review,
  '.github/workflows/tandem-deploy.yml': deploy,
};
