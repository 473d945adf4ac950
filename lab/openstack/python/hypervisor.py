"""A hypervisor without machines: Nova's fake driver with a finite size, snapshots that can be booted again, and
ports plugged into the Open vSwitch of its chassis, so that OVN claims them and Neutron shows them ACTIVE. What
answers behind them is guests.py.
"""
import io
import os

from nova import context as nova_context  # noqa: F401  (registers the context class)
from nova import utils
from nova.compute import task_states
from nova.image import glance
from nova.virt import fake
from oslo_concurrency import processutils
from oslo_log import log as logging

LOG = logging.getLogger(__name__)

# Nova uploads images in a native thread, which shares locks (logging's, the HTTP session's) with eventlet's green ones. Where
# two snapshots meet, the green one is never woken ("cannot switch to a different thread", eventlet issue 662), and its
# server stays in shelving_image_uploading for ever. 512 bytes need no thread.
utils.tpool_execute = lambda function, *arguments, **named: function(*arguments, **named)


class LabDriver(fake.FakeDriver):
    vcpus = int(os.environ['TANDEM_LAB_VCPUS'])
    memory_mb = int(os.environ['TANDEM_LAB_MEMORY_MIB'])
    local_gb = int(os.environ['TANDEM_LAB_DISK_GIB'])

    def __init__(self, virtapi, read_only=False):
        super().__init__(virtapi, read_only)
        self._image_api = glance.API()

    # Machines
    def spawn(self, context, instance, image_meta, injected_files, admin_password, allocations,
              network_info=None, **kwargs):
        self._plug(instance, network_info)
        super().spawn(context, instance, image_meta, injected_files, admin_password, allocations,
                      network_info=network_info, **kwargs)

    def destroy(self, context, instance, network_info, *args, **kwargs):
        super().destroy(context, instance, network_info, *args, **kwargs)
        for vif in network_info or []:
            # The stock driver keeps the interface, and refuses the port when it comes back.
            self._interfaces.pop(vif['id'], None)
        self._unplug(network_info)

    def power_off(self, instance, timeout=0, retry_interval=0):
        super().power_off(instance, timeout, retry_interval)
        self._unplug(instance.get_network_info())

    def power_on(self, context, instance, network_info, block_device_info=None, accel_info=None):
        super().power_on(context, instance, network_info, block_device_info, accel_info)
        self._plug(instance, network_info)

    def snapshot(self, context, instance, image_id, update_task_state):
        # The stock driver uploads nothing: the image stays queued, and a shelved server could not come back.
        update_task_state(task_state=task_states.IMAGE_PENDING_UPLOAD)
        update_task_state(task_state=task_states.IMAGE_UPLOADING,
                          expected_state=task_states.IMAGE_PENDING_UPLOAD)
        metadata = {'disk_format': 'raw', 'container_format': 'bare', 'properties': {}}
        self._image_api.update(context, image_id, metadata, io.BytesIO(b'\0' * 512))

    # Ports
    def attach_interface(self, context, instance, image_meta, vif):
        super().attach_interface(context, instance, image_meta, vif)
        self._plug(instance, [vif])

    def detach_interface(self, context, instance, vif):
        super().detach_interface(context, instance, vif)
        self._unplug([vif])

    def plug_vifs(self, instance, network_info):
        self._plug(instance, network_info)

    def unplug_vifs(self, instance, network_info):
        self._unplug(network_info)

    def _plug(self, instance, network_info):
        commands = []
        for vif in network_info or []:
            name = _device(vif)
            commands += ['--', '--may-exist', 'add-port', 'br-int', name,
                         '--', 'set', 'Interface', name,
                         'options:stream=unix:/run/chassis/guests.sock',
                         'external-ids:iface-id=%s' % vif['id'],
                         'external-ids:iface-status=active',
                         'external-ids:attached-mac=%s' % vif['address'].replace(':', r'\:'),
                         'external-ids:vm-uuid=%s' % instance.uuid]
        self._vsctl(commands)

    def _unplug(self, network_info):
        commands = []
        for vif in network_info or []:
            commands += ['--', '--if-exists', 'del-port', 'br-int', _device(vif)]
        self._vsctl(commands)

    def _vsctl(self, commands):
        if commands:
            socket = '/run/chassis/%s/db.sock' % self._host
            processutils.execute('ovs-vsctl', '--timeout=60', '--no-wait', '--db=unix:' + socket,
                                 *commands, attempts=3)


def _device(vif):
    return ('tap' + vif['id'])[:14]
