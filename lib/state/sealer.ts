import { identitiesOf, isSealed, openWith, recipientsOf, sealTo } from '../secrets/age.ts';
import { noStateKey, notARecipient } from './errors.ts';

/** Encrypts what is kept at rest: states, records, journals. */
export interface Sealer {
  /** Whether anything is encrypted at all. */
  readonly isActive: boolean;
  /** ASCII armour of age, several lines; the text itself where no recipients are configured. */
  seal(text: string): Promise<string>;
  /** What was sealed; clear text, which older versions and projects without recipients wrote, is given back as it is. */
  open(text: string): Promise<string>;
}

export interface SealerProps {
  /** `state.recipients` of the organisation: age public keys. None: nothing is sealed. */
  readonly recipients: readonly string[];
  /** The operator's environment: TANDEM_SECRETS_KEY holds identities, and comes before the key file. */
  readonly environment: NodeJS.ProcessEnv;
  readonly keyFile: string | undefined;
}

/**
 * Seals to the recipients that the organisation names. Whoever could not read what they write is refused before they write anything.
 * @throws TandemError on use: `state-key` where nothing here opens what is sealed, `not-a-recipient`, `secrets-key`
 */
export function stateSealer({ recipients, environment, keyFile }: SealerProps): Sealer {
  let known: readonly string[] | undefined;
  const identities = (): readonly string[] => {
    known ??= identitiesOf(environment, keyFile);
    return known;
  };
  let checked: Promise<void> | undefined;
  const check = async (): Promise<void> => {
    if (identities().length === 0) throw noStateKey(keyFile);
    const own = await recipientsOf(identities());
    if (!own.some((each) => recipients.includes(each))) throw notARecipient(own);
  };
  return {
    isActive: recipients.length > 0,
    async seal(text) {
      if (recipients.length === 0) return text;
      checked ??= check();
      await checked;
      return sealTo(recipients, text);
    },
    async open(text) {
      if (!isSealed(text)) return text;
      const opened = await openWith(identities(), text);
      if (opened === undefined) throw noStateKey(keyFile);
      return opened;
    },
  };
}

/** Seals nothing. */
export const clearSealer: Sealer = { isActive: false, seal: async (text) => text, open: async (text) => text };
