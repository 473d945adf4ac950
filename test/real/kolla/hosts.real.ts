/** The real Ansible passes words, input and answers on as the stand-in of the unit tests does. */
import { join } from 'node:path';
import { ansibleHosts } from '../../../lib/engines/kolla/ansible-hosts.ts';
import { hostsContract } from '../../lib/engines/kolla/hosts-contract.ts';
import { kollaAnsible } from './kolla.ts';

const local = 'ansible_connection=local ansible_become=false ansible_python_interpreter=/usr/bin/python3';
const inventory = `[all]\nhere ${local}\nnowhere ansible_host=127.0.0.1 ansible_port=1\n`;

hostsContract('Ansible', () => {
  const environment = { ...process.env, PATH: `${join(kollaAnsible(), 'bin')}:${process.env['PATH'] ?? ''}` };
  return ansibleHosts({ tree: { 'inventory/multinode': inventory }, engine: 'docker', environment });
});
