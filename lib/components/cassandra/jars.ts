import { hash } from 'node:crypto';
import { type Coordinates, coordinatesIn } from '../shared/maven.ts';

/**
 * What Cassandra 5.0.6 needs beside its own jar: the dependencies of `org.apache.cassandra:cassandra-all` of scope `runtime` as Maven
 * resolves them, but for native libraries of other systems than Linux on x86-64, without which it runs all the same. Coordinates and SHA-256.
 */
const LOCK = `
ch.obermuhlner:big-math:2.3.0 d921bc4e0c57e3d90c7d161142411728d7e72ac975c6dda4914faf292aa83648
ch.qos.logback:logback-classic:1.2.12 f65352bf627177e414c956a977a5851e7125e9f3a2e1a7847b2fa78182dc49fe
ch.qos.logback:logback-core:1.2.12 0cba0755fbdc1793f60dc9d1ef22337737899f4f28b485c42bcadacb73664b34
com.beust:jcommander:1.30 8c65d42f55742925128d57079e7337f5c80c34e1f937191ad16daa33b59777a8
com.boundary:high-scale-lib:1.0.6 e529306290e184905443f2b190853fb0e6ce158d15e8eadba7cc8b22af52a650
com.carrotsearch:hppc:0.8.1 f540703478636d88f699f4666242e6fc9175a996c08ddceaf02106517b970406
com.clearspring.analytics:stream:2.5.2 dab345a648e0f215835501d2ac6bea1a6872f582c53b0dfd9fb6e8348f07be62
com.fasterxml.jackson.core:jackson-annotations:2.19.2 e516743a316dcf83c572ffc9cb6e8c5e8c134880c8c5155b02f7b34e9c5dc3cf
com.fasterxml.jackson.core:jackson-core:2.19.2 aa77eaf29293a868c47372194f7c5287d77d9370b04ea25d3fffc1e4904b5880
com.fasterxml.jackson.core:jackson-databind:2.19.2 0a1bd4e9b0d670e632d40ee8c625ad376233502f03c2f5889baea95d025b47a7
com.fasterxml.jackson.datatype:jackson-datatype-jsr310:2.19.2 9709f43e0fa5625633ee66db6c078fb1e8c7ca02092696ba95ea785dbf0fa6a1
com.github.ben-manes.caffeine:caffeine:3.1.8 7dd15f9df1be238ffaa367ce6f556737a88031de4294dad18eef57c474ddf1d3
com.github.jbellis:jamm:0.4.0 f8f0457e388c4d0f69a4510c89fce8b2a79129e726b46a756ab840fd7ba82387
com.github.jnr:jffi:1.3.11 74d3bce7397b4872ccb6a6fd84b8f260503f76509adc9548029f665852ad38d7
com.github.jnr:jffi:1.3.11:native f4c26c0a4a3eddfdbaaf4dda77d4d9f7d148ba4208798f32ce475ce4d6778744
com.github.jnr:jnr-a64asm:1.0.0 53ae5ea7fa5c284e8279aa348e7b9de4548b0cae10bfd058fa217c791875e4cf
com.github.jnr:jnr-constants:0.10.4 9a5b8cf9798d9d0331b8d8966c5235a22c4307676e35803a24659e6d76096f78
com.github.jnr:jnr-ffi:2.2.13 d309575e8d080785988dc51b6636ae67738561c3d1453e8b24f9501301e00296
com.github.jnr:jnr-x86asm:1.0.2 39f3675b910e6e9b93825f8284bec9f4ad3044cd20a6f7c8ff9e2f8695ebf21e
com.github.luben:zstd-jni:1.5.7-2 c5530c6fe99df04f9ac041e1b11fcb5772a7f4218c727d7273e0a6e5948b5d12
com.github.seancfoley:ipaddress:5.3.3 a8485113300d367306258a2663491fba8b1b746d00ca0df88d3943994cc0f7b9
com.google.code.findbugs:jsr305:2.0.2 1e7f53fa5b8b5c807e986ba335665da03f18d660802d8bf061823089d1bee468
com.google.guava:failureaccess:1.0.1 a171ee4c734dd2da837e4b16be9df4661afab72a41adaf31eb84dfdaf936ca26
com.google.guava:guava:32.0.1-jre bd7fa227591fb8509677d0d1122cf95158f3b8a9f45653f58281d879f6dc48c5
com.google.j2objc:j2objc-annotations:1.3 21af30c92267bd6122c0e0b4d20cccb6641a37eaf956c6540ec471d584e64a7b
com.googlecode.concurrent-trees:concurrent-trees:2.4.0 d8dd983b207e86f580ba2105747cb271f8b90f24b89c7447493d9125a472dc5d
com.vdurmont:semver4j:3.1.0 0f33724dd012099f0737e3d9203e28f4a804435526998d4f5841993058651cb8
commons-cli:commons-cli:1.5.0 bc8bb01fc0fad250385706e20f927ddcff6173f6339b387dc879237752567ac6
io.airlift:airline:0.8 7b63b4c001378b548e4b27c15989b65de363a8b9bee4bf11035c21bdc50cbedc
io.dropwizard.metrics:metrics-core:4.2.28 544e7c5828e9fe440e2e5b8b87974297352d8c0aac226a2614811600fd680463
io.dropwizard.metrics:metrics-jvm:4.2.19 996a602152db07aa5cbc669265b564099c20acef2508ec5e717f20b98b5acbc5
io.dropwizard.metrics:metrics-logback:4.2.19 93f729134b43c74affa6ee45c9a23a9e6ef623a63118bc4ab8d8880f88e71643
io.github.jbellis:jvector:1.0.2 5d53af3d711fb7a13cac0608b6dfdcb30ad07b102dc128c3e09be5313a487e5d
io.netty:netty-all:4.1.119.Final ff8f0e067a85452082d039b307cf2d3dd040725c3a7ee68d427bd8b7841ac714
io.netty:netty-buffer:4.1.119.Final 32226218d854c2e51d4935a7ebe4663b72ecb9af4da881b86bf518e61aed48d3
io.netty:netty-codec:4.1.119.Final c497934a057444b126a86e06f2b509188e48ca6c5a5e14c182a02f1e8c8d5fdb
io.netty:netty-common:4.1.119.Final 991a69b1594dcad9926e268e7e94530cfdaa89feef42af26922a302d3e2e9212
io.netty:netty-handler-proxy:4.1.119.Final 7a35e62259a43e5dbdc2e402934b1f64084ce73aecf7b42ce647c918a6e5f617
io.netty:netty-handler-ssl-ocsp:4.1.119.Final d2e93050a826042ee5c8463fc58a2d37769f18024200ba11cd5c48c160c1bdf7
io.netty:netty-handler:4.1.119.Final 9b49be98e36bb79a2025ffb5159aec87da2720cfa545f56de39c3bc108587b1b
io.netty:netty-resolver:4.1.119.Final 3b6c9f9f6f360747213d154971dec1fc8852820dc1a98d055ff09d09676f8836
io.netty:netty-tcnative-boringssl-static:2.0.70.Final 3f7b4c3a51737965cd5b53777782c125784420458d96513cfac7412e4d1fa0c3
io.netty:netty-tcnative-boringssl-static:2.0.70.Final:linux-x86_64 3d773aac73fe40f5d04de37ce14a1f7abd27caf0b3bd8275884f5d2968b3e254
io.netty:netty-tcnative-classes:2.0.70.Final a79c1579313d4ad48a3ecc1d01a25da06d22d6449c3bcc369c2318749bcf55bc
io.netty:netty-transport-classes-epoll:4.1.119.Final 38edbceb4d0f3c1c87bc8db9f812d317342c9c8e95a4a052fb796a2f78ad098e
io.netty:netty-transport-native-epoll:4.1.119.Final 96060a5b5a0a3837ea4261e97cfa428bd1d7645a8832c18589ebcd86890b5d18
io.netty:netty-transport-native-epoll:4.1.119.Final:linux-x86_64 12557923a5069e736a9305c73a87b303ba9e89b32da3ec95dea6a856f3fd6397
io.netty:netty-transport-native-unix-common:4.1.119.Final 8ae5618f69326e6d17b77b0140f9d277118dbd23906ca07638bc01365728c650
io.netty:netty-transport:4.1.119.Final c0921ea0e79c3b936daabe08a26e926642a4ad24951d6115fb43362c21dfeb10
javax.inject:javax.inject:1 91c77044a50c481636c32d916fd89c9118a72195390452c81065080f957de7ff
net.java.dev.jna:jna-platform:5.13.0 474d7b88f6e97009b6ec1d98c3024dd95c23187c65dabfbc35331bcac3d173dd
net.java.dev.jna:jna:5.13.0 66d4f819a062a51a1d5627bffc23fac55d1677f0e0a1feba144aabdd670a64bb
net.openhft:affinity:3.23.3 969e4b4ad761e34f3c5d59fe173bba08623bbf4e9002bc567665626886f01928
net.openhft:chronicle-bytes:2.23.33 76757a196af80594927dc31f71df6de25729480cae4938899b1e5bbba90d9c81
net.openhft:chronicle-core:2.23.36 fac0ce88a9ddd55eee98348601566c93782c71ae68462db6d5dc64267642999e
net.openhft:chronicle-queue:5.23.37 d8445ec881577e85d9455d0aef30b0cb9d7bc22d3a73a46a713157cd98d18388
net.openhft:chronicle-threads:2.23.25 3657c5c82410235581430a4ecf7a4177fb49e3c272e6177246e9977ec767cee6
net.openhft:chronicle-wire:2.23.39 7087768fb85a1be09d40cdd344da355f88fecb814242d2a76ac01651d0d8dfae
net.openhft:posix:2.24ea4 b481f9d8f4fc6b679cf44f4e6f79cb4df347c6de166501205b3b15c0b47ea8af
org.agrona:agrona:1.17.1 ca6ff763fd93ddcf5dd2b8b9f60dc977a2d644f1f1666ffd9cf7fd637ab6d3fd
org.antlr:ST4:4.0.8 58caabc40c9f74b0b5993fd868e0f64a50c0759094e6a251aaafad98edfc7a3b
org.antlr:antlr-runtime:3.5.2 ce3fc8ecb10f39e9a3cddcbb2ce350d272d9cd3d0b1e18e6fe73c3b9389c8734
org.apache.cassandra:cassandra-driver-core:3.12.1:shaded 6af4e8ec8d8c74e425e5d23a8c9bdc82a8dc170e9772d7d0cfe09d69938ffbe5
org.apache.commons:commons-lang3:3.18.0 4eeeae8d20c078abb64b015ec158add383ac581571cddc45c68f0c9ae0230720
org.apache.commons:commons-math3:3.2 6268a9a0ea3e769fc493a21446664c0ef668e48c93d126791f6f3f757978fee2
org.apache.lucene:lucene-analysis-common:9.7.0 87abf0221c526d64616d47d2261866620c8f42659c93dbfd0d1ffb138af98137
org.apache.lucene:lucene-core:9.7.0 624d7f544afefcbc382f2d9c8fe9e04fb5626c6fb579b584663baf43df1653f8
org.caffinitas.ohc:ohc-core-j8:0.5.1 76ec56f9ad849cd4cffa65a39fbc30b2f1ccf368a1dbeeadd311adfcc8cc00ca
org.caffinitas.ohc:ohc-core:0.5.1 7f2bc7f6d8ef6bbdb037eb52b670f6f0b6516161d04e92d843058293c1a706ce
org.eclipse.jdt:ecj:3.33.0 f7686c4960cf70c2ebc5c500a73a8cfc04541b730c18f1c5c21329889b137f45
org.fusesource:sigar:1.6.4 de8725b3be2c25d44ba41a9450cd03842fac9466d92dc582cb37691eeea1f8db
org.gridkit.jvmtool:mxdump:0.14 77fa89f0b380c9140bb65cc582c823021583745f762433f5484d62f424666e7f
org.gridkit.jvmtool:sjk-cli:0.14 246634b132057f3f5aaf83258316125ea146ee6b5e70aceb194b35698f0bbf18
org.gridkit.jvmtool:sjk-core:0.14 4fb6a48c60aeff788fed19a8f326dd8c664eb9ab1c3a682ced6edc3b71b560f5
org.gridkit.jvmtool:sjk-json:0.14 3cbb1465eef91e8c3c7e7cc158ba0abe2afeb5d86d1dd4bf29911f963e2c9b7c
org.gridkit.jvmtool:sjk-stacktrace:0.14 9a35e0c3f9fed863fa689c430b5c2c5171e838b3b871aa577bcf646d741bddf9
org.gridkit.lab:jvm-attach-api:1.5 a078c03414cb8c0d8f9ce8e2003319c868227231eb4c7bd7388e0ff06185935e
org.hdrhistogram:HdrHistogram:2.1.12 9b47fbae444feaac4b7e04f0ea294569e4bc282bc69d8c2ce2ac3f23577281e2
org.jctools:jctools-core:3.1.0 e7302f154f63fc4c66962816e76acda969926a7569ca3b68a62f52bdca6b45dc
org.lz4:lz4-java:1.8.0 d74a3334fb35195009b338a951f918203d6bbca3d1d359033dc33edd1cadc9ef
org.mindrot:jbcrypt:0.4 e183f6f59404fc1e12073cfea4ace7ea103c900463cd21fb609a7c617ecdf624
org.ow2.asm:asm:9.4 39d0e2b3dc45af65a09b097945750a94a126e052e124f93468443a1d0e15f381
org.psjava:psjava:0.1.19 965ac6a41e1010d4ad393c0398bc8dc922bbef97794821ced57e4b1ef7801e31
org.slf4j:jcl-over-slf4j:1.7.36 ab57ca8fd223772c17365d121f59e94ecbf0ae59d08c03a3cb5b81071c019195
org.slf4j:log4j-over-slf4j:1.7.36 0a7e032bf5bcdd5b2bf8bf2e5cf02c5646f2aa6fee66933b8150dbe84e651e8a
org.slf4j:slf4j-api:1.7.36 d3ef575e3e4979678dc01bf1dcce51021493b4d11fb7f1be8ad982877c16a1c0
org.xerial.snappy:snappy-java:1.1.10.4 55b30c94e5c4cc2d4b6976916098d0678a8a6cc7427fa8c875621bd94e731ac8
org.yaml:snakeyaml:2.1 69a4537045ddbcaed4c68eef074462eb12d324d7953f62c5ecd35df645e8aec9
`;

export const DEPENDENCIES: readonly (Coordinates & { readonly sha256: string })[] = LOCK.trim()
  .split('\n')
  .map((line) => {
    const [coordinates = '', sha256 = ''] = line.split(' ');
    return { ...coordinatesIn(coordinates), sha256 };
  });

/** SHA-256 of what `sha256sum *` says in the folder of the jars: a byte that differs in any of them makes it another. */
export function dependenciesDigest(): string {
  const lines = DEPENDENCIES.toSorted((one, other) => compareBytes(one.file, other.file)).map(
    ({ file, sha256 }) => `${sha256}  ${file}\n`,
  );
  return hash('sha256', lines.join(''));
}

/** As the shell sorts in the locale C. */
function compareBytes(one: string, other: string): number {
  return Buffer.compare(Buffer.from(one), Buffer.from(other));
}

/**
 * Shell commands that fetch the jars into `folder`, all or none. A list with a checksum for each would take half of what user data may
 * hold; names of a group and version in one line, and one checksum over all, take a tenth.
 */
export function fetchDependencies(folder: string): string {
  const groups = new Map<string, string[]>();
  for (const { group, version, artifact, classifier } of DEPENDENCIES) {
    const key = `${group} ${version}`;
    const name = classifier === undefined ? artifact : `${artifact}:${classifier}`;
    groups.set(key, [...(groups.get(key) ?? []), name]);
  }
  return `sum() { (cd "$1" 2>/dev/null && sha256sum -- * | sha256sum | cut -d' ' -f1); }
if [ "$(sum ${folder})" != ${dependenciesDigest()} ]; then
  rm -rf ${folder}.new
  mkdir -p ${folder}.new
  awk -v from="$(mirror maven)" -v to=${folder}.new '{
    for (i = 3; i <= NF; i++) {
      n = split($i, part, ":")
      file = part[1] "-" $2 (n > 1 ? "-" part[2] : "") ".jar"
      printf "url = \\"%s/%s/%s/%s/%s\\"\\noutput = \\"%s/%s\\"\\n", from, $1, part[1], $2, file, to, file
    }
  }' >"$work/jars" <<'JARS'
${[...groups].map(([key, names]) => `${key} ${names.join(' ')}`).join('\n')}
JARS
  curl --fail --silent --show-error --location --retry 3 --parallel --parallel-max 8 --config "$work/jars"
  if [ "$(sum ${folder}.new)" != ${dependenciesDigest()} ]; then
    echo "the jars in ${folder}.new are not what was expected" >&2
    exit 1
  fi
  rm -rf ${folder}
  mv ${folder}.new ${folder}
fi`;
}
