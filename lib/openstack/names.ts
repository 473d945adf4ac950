import { DnsRecordsetV2 } from '@cdktf/provider-openstack/lib/dns-recordset-v2';
import { DnsZoneV2 } from '@cdktf/provider-openstack/lib/dns-zone-v2';
import { Construct } from 'constructs';
import { attributeOf } from './expression.ts';
import { MAIN } from './tandem-terraform-stack.ts';

/** Designate's own limit of addresses under one name. */
const MAXIMUM_RECORDS = 20;

export interface NamesProps {
  /** Zone, without a final dot. */
  readonly zone: string;
  /** Contact in the SOA record. */
  readonly email: string;
  /** Time to live in seconds. */
  readonly ttlSeconds: number;
  readonly description: string;
}

/**
 * A zone and its records, in the project of the default provider. Designate lets nobody make a zone below one of another project, so
 * the zones of environments belong to whoever owns the cloud's.
 */
export class Names extends Construct {
  readonly zone: DnsZoneV2;
  readonly #props: NamesProps;

  constructor(scope: Construct, id: string, props: NamesProps) {
    super(scope, id);
    this.#props = props;
    this.zone = new DnsZoneV2(this, MAIN, {
      name: `${props.zone}.`,
      email: props.email,
      ttl: props.ttlSeconds,
      type: 'PRIMARY',
      description: props.description,
    });
  }

  /** The full name of a record, without a final dot. */
  nameOf(label: string): string {
    return `${label}.${this.#props.zone}`;
  }

  /**
   * Gives a name to addresses; the first 20, where there are more.
   * @param scope where the record's Terraform address belongs
   */
  addAddresses(scope: Construct, id: string, label: string, addresses: readonly string[]): DnsRecordsetV2 {
    return new DnsRecordsetV2(scope, id, {
      zoneId: attributeOf(this.zone),
      name: `${this.nameOf(label)}.`,
      type: 'A',
      ttl: this.#props.ttlSeconds,
      records: addresses.slice(0, MAXIMUM_RECORDS),
      description: this.#props.description,
    });
  }
}
