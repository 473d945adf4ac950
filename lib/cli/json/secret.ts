export const secretJson = {
  format: 'tandem.secret/1',
  schema: async () => (await import('../../actions/secret/schema.ts')).secretSchema,
};
