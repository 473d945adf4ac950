/** The pipeline of GitLab, each job with the least that it needs. */

/** A step's OpenStack credentials, in a file of the job's own. */
const clouds = (command: string) => `    - umask 077
    - printf '%s' "$AWS_TOKEN" > "$CI_BUILDS_DIR/aws-token"
    - printf '%s' "$CLOUDS_YAML" > "$CI_BUILDS_DIR/clouds.yaml"
    - export AWS_WEB_IDENTITY_TOKEN_FILE="$CI_BUILDS_DIR/aws-token" OS_CLIENT_CONFIG_FILE="$CI_BUILDS_DIR/clouds.yaml"
    - ${command}
  after_script:
    - rm -f "$CI_BUILDS_DIR/aws-token" "$CI_BUILDS_DIR/clouds.yaml"`;

const onMain = '$CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH && $CI_COMMIT_REF_PROTECTED == "true"';

const pipeline = `# Merge requests are planned without credentials and show the plan in one comment; the default branch is deployed from a bundle that people
# approved.
#
# Deployed are the environments and the bases of the clouds; leases are deployed by their owners, and what Kolla-Ansible does from a host that
# reaches the hosts.
#
# Settings that it counts on:
# - \`state\` of config/tandem.yaml is \`s3\` or \`pg\`: a runner's own files are gone when its job ends.
# - The default branch is protected, and takes merge requests only. Pipelines of forks run in the fork.
# - GITLAB_TOKEN: a masked variable with an access token of this project, role Reporter, scope \`api\` (CI_JOB_TOKEN cannot write notes).
#   Whoever may push a branch can read it, and comment with it, and no more than that.
# - Environment \`plan\`: its protected variables CLOUDS_YAML, TANDEM_SECRETS_KEY and AWS_ROLE_ARN are of users that may only read.
# - Environment \`production\`: protected, with required approvals; the same variables are of users that deploy. AWS trusts this project's
#   protected default branch, and nothing else.
# - TANDEM_BUNDLE_KEY: a protected variable of \`plan\`, of type file: an Ed25519 key of SSH that signs the bundle as its author; its public
#   half stands in config/approvers.yaml.
# Where approvers must sign, they download the bundle, run \`tandem approve bundle.json\`, and push the file as COMMIT.json to the branch
# \`tandem-bundles\`, before they start the job \`deploy\`. It is refused while signatures are missing.
default:
  # Pin it by its digest: \`docker buildx imagetools inspect node:24-bookworm\` shows it.
  image: node:24-bookworm
  before_script:
    - npm ci --ignore-scripts
variables:
  GIT_DEPTH: "0"
stages: [plan, review, bundle, deploy]

plan:
  stage: plan
  rules:
    - if: $CI_PIPELINE_SOURCE == "merge_request_event"
  timeout: 15 minutes
  interruptible: true
  # Of merge requests alone: a job with credentials uses none.
  cache:
    key: npm-merge-requests
    paths: [.npm/]
  variables:
    npm_config_cache: $CI_PROJECT_DIR/.npm
  script:
    - npx tandem validate
    - npx tandem plan --base "origin/$CI_MERGE_REQUEST_TARGET_BRANCH_NAME" --json --html plan.html > plan.json
  artifacts:
    expose_as: plan
    paths: [plan.json, plan.html]
    expire_in: 2 weeks

review:
  stage: review
  needs: [plan]
  rules:
    # A fork's pipeline has no token.
    - if: $CI_PIPELINE_SOURCE == "merge_request_event" && $CI_MERGE_REQUEST_SOURCE_PROJECT_ID == $CI_MERGE_REQUEST_PROJECT_ID && $GITLAB_TOKEN
  timeout: 10 minutes
  interruptible: true
  script:
    # A comment that had to be cut links to the pipeline; its job \`plan\` has the page.
    - npx tandem review post --plan plan.json --status --page-url "$CI_PIPELINE_URL"

bundle:
  stage: bundle
  rules:
    - if: ${onMain}
  environment:
    name: plan
    action: prepare
  timeout: 1 hour
  id_tokens:
    AWS_TOKEN:
      aud: $CI_SERVER_URL
  script:
    - npx tandem validate
${clouds('npx tandem plan \'{aws/**,openstack/*/base}\' --live --out bundle.json --key "$TANDEM_BUNDLE_KEY"')}
  artifacts:
    paths: [bundle.json]
    access: developer
    expire_in: 1 week

deploy:
  stage: deploy
  needs: [bundle]
  rules:
    - if: ${onMain}
      when: manual
  environment: production
  resource_group: production
  timeout: 2 hours
  id_tokens:
    AWS_TOKEN:
      aud: $CI_SERVER_URL
  script:
    # Whoever may push there cannot forge a signature.
    - if git fetch --quiet origin tandem-bundles && git cat-file -e "FETCH_HEAD:$CI_COMMIT_SHA.json"; then git show "FETCH_HEAD:$CI_COMMIT_SHA.json" > bundle.json; fi
${clouds('npx tandem deploy bundle.json --yes')}
`;

/** By path. */
export const gitLabPipeline: Readonly<Record<string, string>> = { '.gitlab-ci.yml': pipeline };
