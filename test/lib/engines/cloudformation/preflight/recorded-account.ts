import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Account } from './account.ts';

interface Answer {
  readonly status?: number;
  readonly body?: string;
}

/** An account behind HTTP, in the shapes in which AWS answers these calls; pages of EC2 hold one element each. */
export async function serveAccount(account: Account): Promise<{ readonly url: string; close(): Promise<void> }> {
  const server = createServer((request, response) => {
    void textOf(request).then((text) => {
      const { status = 200, body = '' } = answer(account, request, text);
      const type = body.startsWith('<') ? 'text/xml' : 'application/x-amz-json-1.1';
      response.writeHead(status, { 'content-type': type, 'x-amzn-requestid': 'r-1' }).end(body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const close = () => new Promise<void>((resolve) => void server.close(() => resolve()));
  return { url, close };
}

async function textOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  return text;
}

function answer(account: Account, request: IncomingMessage, text: string): Answer {
  const target = String(request.headers['x-amz-target'] ?? '')
    .split('.')
    .at(-1);
  if (request.method === 'HEAD') {
    const owner = account.buckets[(request.url ?? '').split('/')[1]?.split('?')[0] ?? ''];
    return { status: owner === undefined ? 404 : owner === 'own' ? 200 : 403 };
  }
  if (target !== undefined && target !== '') return { ...json(account, target, JSON.parse(text) as Asked) };
  return xml(account, new URLSearchParams(text));
}

interface Asked {
  readonly QuotaCode?: string;
  readonly Names?: readonly string[];
}

function json({ quotas, parameters }: Account, call: string, { QuotaCode = '', Names = [] }: Asked): Answer {
  const quota = (Value: number) => ({ body: JSON.stringify({ Quota: { ServiceCode: 'ec2', QuotaCode, Value } }) });
  if (call === 'GetAWSDefaultServiceQuota') return quota(5);
  if (call === 'GetServiceQuota') {
    const own = quotas[QuotaCode];
    if (own !== undefined) return quota(own);
    return { status: 400, body: JSON.stringify({ __type: 'NoSuchResourceException', Message: 'The request failed' }) };
  }
  const found = Names.filter((name) => parameters[name] !== undefined);
  const Parameters = found.map((Name) => ({ Name, Type: 'String', Value: parameters[Name] }));
  return { body: JSON.stringify({ Parameters, InvalidParameters: Names.filter((name) => !found.includes(name)) }) };
}

function xml(account: Account, query: URLSearchParams): Answer {
  const all = (prefix: string) => [...query].filter(([key]) => key.startsWith(prefix)).map(([, value]) => value);
  const call = query.get('Action') ?? '';
  const page = (name: string, set: string, items: readonly string[]): Answer => {
    const at = Number(query.get('NextToken') ?? 0);
    const next = at + 1 < items.length ? `<nextToken>${at + 1}</nextToken>` : '';
    return { body: `<${name}Response><${set}>${items[at] ?? ''}</${set}>${next}</${name}Response>` };
  };
  const wanted = all('Filter.1.Value.');
  switch (call) {
    case 'DescribeInstanceTypes': {
      const known = Object.entries(account.types).filter(([name]) => wanted.includes(name));
      return page(
        call,
        'instanceTypeSet',
        known.map(
          ([name, { vcpus, architectures }]) =>
            `<item><instanceType>${name}</instanceType><vCpuInfo><defaultVCpus>${vcpus}</defaultVCpus></vCpuInfo><processorInfo><supportedArchitectures>${architectures
              .map((each) => `<item>${each}</item>`)
              .join('')}</supportedArchitectures></processorInfo></item>`,
        ),
      );
    }
    case 'DescribeInstanceTypeOfferings':
      return page(
        call,
        'instanceTypeOfferingSet',
        Object.entries(account.offerings).flatMap(([zone, types]) =>
          types
            .filter((type) => wanted.includes(type))
            .map((type) => `<item><instanceType>${type}</instanceType><location>${zone}</location></item>`),
        ),
      );
    case 'DescribeSubnets': {
      const own = account.subnets.filter(({ id }) => all('SubnetId.').includes(id));
      const items = own.map(
        ({ id, zone, free }) =>
          `<item><subnetId>${id}</subnetId><availabilityZone>${zone}</availabilityZone><availableIpAddressCount>${free}</availableIpAddressCount></item>`,
      );
      return { body: `<DescribeSubnetsResponse><subnetSet>${items.join('')}</subnetSet></DescribeSubnetsResponse>` };
    }
    case 'DescribeImages': {
      const [id = ''] = all('ImageId.');
      const image = account.images[id];
      if (image === undefined) return refused('InvalidAMIID.NotFound', `The image id '[${id}]' does not exist`);
      const { architecture, state, rootGiB } = image;
      return {
        body: `<DescribeImagesResponse><imagesSet><item><imageId>${id}</imageId><imageState>${state}</imageState><architecture>${architecture}</architecture><rootDeviceName>/dev/xvda</rootDeviceName><blockDeviceMapping><item><deviceName>/dev/xvda</deviceName><ebs><volumeSize>${rootGiB}</volumeSize></ebs></item></blockDeviceMapping></item></imagesSet></DescribeImagesResponse>`,
      };
    }
    case 'RunInstances':
      if (query.get('DryRun') !== 'true') throw new Error('a look may not launch');
      if (account.launch === 'allowed')
        return refused('DryRunOperation', 'Request would have succeeded, but DryRun flag is set.', 412);
      if (account.launch === 'unauthorised')
        return refused('UnauthorizedOperation', 'You are not authorized to perform this operation.', 403);
      return refused(account.launch.code, account.launch.message);
    case 'GetRole': {
      const name = query.get('RoleName') ?? '';
      if (!account.roles.includes(name))
        return {
          status: 404,
          body: `<ErrorResponse><Error><Type>Sender</Type><Code>NoSuchEntity</Code><Message>The role with name ${name} cannot be found.</Message></Error></ErrorResponse>`,
        };
      return {
        body: `<GetRoleResponse><GetRoleResult><Role><RoleName>${name}</RoleName></Role></GetRoleResult></GetRoleResponse>`,
      };
    }
    case 'ListStackResources': {
      const [name = '', index = ''] = (query.get('StackName') ?? '').split('/');
      const at = account.deleted[name]?.[Number(index)];
      const queue = `<member><ResourceType>AWS::SQS::Queue</ResourceType><ResourceStatus>DELETE_COMPLETE</ResourceStatus><LastUpdatedTimestamp>${at ?? ''}</LastUpdatedTimestamp></member>`;
      return {
        body: `<ListStackResourcesResponse><ListStackResourcesResult><StackResourceSummaries>${at === undefined ? '' : queue}</StackResourceSummaries></ListStackResourcesResult></ListStackResourcesResponse>`,
      };
    }
    default: {
      const members = Object.entries(account.deleted).flatMap(([name, times]) =>
        times.map(
          (at, index) =>
            `<member><StackId>${name}/${index}</StackId><StackName>${name}</StackName><StackStatus>DELETE_COMPLETE</StackStatus><DeletionTime>${at ?? '2026-11-28T12:00:00.000Z'}</DeletionTime></member>`,
        ),
      );
      return {
        body: `<ListStacksResponse><ListStacksResult><StackSummaries>${members.join('')}</StackSummaries></ListStacksResult></ListStacksResponse>`,
      };
    }
  }
}

function refused(code: string, message: string, status = 400): Answer {
  const body = `<Response><Errors><Error><Code>${code}</Code><Message>${message}</Message></Error></Errors><RequestID>r-1</RequestID></Response>`;
  return { status, body };
}
