import { z } from 'zod';

const texts = z.record(z.string(), z.string());

export const buildSchema = z.strictObject({
  format: z.literal('tandem.image-build/1'),
  images: z.array(
    z.strictObject({
      name: z.string(),
      tier: z.string(),
      /** As it is called on the clouds. */
      image: z.string(),
      components: texts,
      /** With Packer's template and the scripts: as it was named, else relative to the project. */
      folder: z.string(),
      /** Ids by builder; none where the files were only written. */
      built: texts,
    }),
  ),
});

export const vagrantSchema = z.strictObject({
  format: z.literal('tandem.image-vagrant/1'),
  blueprint: z.string(),
  machines: z.array(z.strictObject({ name: z.string(), address: z.string() })),
  text: z.string(),
});
