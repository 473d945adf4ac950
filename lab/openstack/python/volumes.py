"""Volumes that exist in Cinder's database only, on a back end that can be full."""
import io
import os

from cinder import context as cinder_context
from cinder import objects
from cinder.tests import fake_driver


class LabVolumeDriver(fake_driver.FakeLoggingVolumeDriver):
    CAPACITY_GB = int(os.environ.get('TANDEM_LAB_VOLUME_GB', '51200'))

    def _update_volume_stats(self):
        # get_all_by_host takes the host without the pool and finds the volumes of every pool.
        volumes = objects.VolumeList.get_all_by_host(cinder_context.get_admin_context(), self.host)
        used = sum(volume.size for volume in volumes)
        name = self.configuration.safe_get('volume_backend_name')
        self._stats = {
            'volume_backend_name': name,
            'vendor_name': 'Open Source',
            'driver_version': self.VERSION,
            'storage_protocol': self.protocol,
            'pools': [{
                'pool_name': name,
                'total_capacity_gb': self.CAPACITY_GB,
                'free_capacity_gb': max(0, self.CAPACITY_GB - used),
                'provisioned_capacity_gb': used,
                'reserved_percentage': 0,
                'max_over_subscription_ratio': '1.0',
                'thin_provisioning_support': False,
                'thick_provisioning_support': True,
                'multiattach': True,
                'QoS_support': False,
                'filter_function': self.get_filter_function(),
                'goodness_function': self.get_goodness_function(),
            }],
        }

    # What FakeLoggingVolumeDriver leaves to LVM, and would fail without a volume group.
    def extend_volume(self, volume, new_size):
        pass

    def revert_to_snapshot(self, context, volume, snapshot):
        pass

    def copy_image_to_volume(self, context, volume, image_service, image_id, disable_sparse=False):
        pass

    def copy_volume_to_image(self, context, volume, image_service, image_meta):
        image_service.update(context, image_meta['id'], {}, io.BytesIO(b'\0' * 512))
