import type { EC2 } from '@aws-sdk/client-ec2';
import type { Context, Handlers } from '../context.ts';
import type { LaunchTemplateData } from '../ec2-types.ts';
import { noSuchImage, unavailableImage, volumeTooSmall, wrongArchitecture } from '../faults.ts';
import type { ImageOptions, ModelFault } from '../types.ts';
import { fieldFilter } from './filters.ts';
import { architectureOf } from './type-names.ts';

const ROOT_DEVICE = '/dev/xvda';

/** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeImages.html */
export const imageCalls = {
  describeImages({ state }, { ImageIds, Filters }) {
    const { images } = state.ec2;
    const asked = ImageIds ?? [];
    for (const id of asked) if (!images.has(id)) throw noSuchImage(id);
    const passes = fieldFilter<ImageOptions>(
      {
        'image-id': ({ ImageId }) => ImageId,
        architecture: ({ Architecture }) => Architecture,
        state: ({ State = 'available' }) => State,
      },
      Filters,
    );
    const all = [...images.values()].filter(({ ImageId }) => asked.length === 0 || asked.includes(ImageId));
    return { Images: all.filter(passes).map(view) };
  },
} satisfies Handlers<EC2>;

function view({ ImageId, Architecture, State = 'available', RootVolumeGiB = 8 }: ImageOptions) {
  return {
    ...{ ImageId, Architecture, State, ImageType: 'machine', VirtualizationType: 'hvm', Public: true },
    ...{ RootDeviceName: ROOT_DEVICE, RootDeviceType: 'ebs' },
    BlockDeviceMappings: [{ DeviceName: ROOT_DEVICE, Ebs: { VolumeSize: RootVolumeGiB, DeleteOnTermination: true } }],
  };
}

/**
 * Why EC2 refuses to launch from the image of these data. Where the model was told of no image, none is judged, and neither are those
 * that a parameter of Systems Manager names.
 */
export function imageFault({ state }: Context, data: LaunchTemplateData): ModelFault | undefined {
  const { ImageId: id = '', InstanceType: type = '', BlockDeviceMappings = [] } = data;
  const { images } = state.ec2;
  if (images.size === 0 || id.startsWith('resolve:ssm:')) return undefined;
  const image = images.get(id);
  if (image === undefined) return noSuchImage(id);
  const { Architecture, State = 'available', RootVolumeGiB = 8 } = image;
  if (State !== 'available') return unavailableImage(id);
  if (Architecture !== architectureOf(type)) return wrongArchitecture(architectureOf(type), Architecture);
  const size = BlockDeviceMappings.find(({ DeviceName }) => DeviceName === ROOT_DEVICE)?.Ebs?.VolumeSize;
  return size !== undefined && size < RootVolumeGiB ? volumeTooSmall(size, RootVolumeGiB) : undefined;
}
