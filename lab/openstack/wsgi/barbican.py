import tandem_lab.policies  # noqa: F401, I001
from paste import deploy

application = deploy.loadapp('config:/usr/share/barbican-common/barbican-api-paste.ini')
