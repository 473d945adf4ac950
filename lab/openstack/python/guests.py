"""The network half of machines that do not exist: python3 -m tandem_lab.guests SOCKET

Every plugged port of every fake server is a stream to this process: frames behind a length of two bytes. It
answers any TCP SYN with a SYN-ACK, and nothing else: a running server is one whose ports all listen. OVN's health
checks then find the members of a pool online, and offline once their server is stopped.
"""
import os
import selectors
import socket
import struct
import sys

ETHERNET, IPV4, TCP = 14, 0x0800, 6
SYN, ACK = 0x02, 0x10
LIMIT = 1 << 20  # a peer that does not read loses frames, as on a real wire


def checksum(data):
    if len(data) % 2:
        data += b'\0'
    total = sum(struct.unpack('!%dH' % (len(data) // 2), data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def answer(frame):
    """The frame to send back, or None."""
    if len(frame) < ETHERNET + 40 or struct.unpack_from('!H', frame, 12)[0] != IPV4:
        return None
    header = (frame[ETHERNET] & 0x0F) * 4
    if frame[ETHERNET + 9] != TCP or len(frame) < ETHERNET + header + 20:
        return None
    source, target = frame[ETHERNET + 12:ETHERNET + 16], frame[ETHERNET + 16:ETHERNET + 20]
    sport, dport, sequence, _, _, flags = struct.unpack_from('!HHIIBB', frame, ETHERNET + header)
    if flags & (SYN | ACK) != SYN:
        return None
    tcp = struct.pack('!HHIIBBHHH', dport, sport, 1, (sequence + 1) & 0xFFFFFFFF, 5 << 4, SYN | ACK, 65535, 0, 0)
    pseudo = target + source + struct.pack('!BBH', 0, TCP, len(tcp))
    tcp = tcp[:16] + struct.pack('!H', checksum(pseudo + tcp)) + tcp[18:]
    ip = struct.pack('!BBHHHBBH4s4s', 0x45, 0, 20 + len(tcp), 0, 0x4000, 64, TCP, 0, target, source)
    ip = ip[:10] + struct.pack('!H', checksum(ip)) + ip[12:]
    return frame[6:12] + frame[0:6] + struct.pack('!H', IPV4) + ip + tcp


class Port:
    def __init__(self, stream):
        self.stream = stream
        self.incoming = b''
        self.outgoing = b''

    def readable(self):
        """False once the port is gone."""
        try:
            data = self.stream.recv(65536)
        except BlockingIOError:
            return True
        except OSError:
            return False
        if not data:
            return False
        self.incoming += data
        while len(self.incoming) >= 2:
            end = 2 + struct.unpack_from('!H', self.incoming)[0]
            if len(self.incoming) < end:
                break
            reply = answer(self.incoming[2:end])
            self.incoming = self.incoming[end:]
            if reply is not None and len(self.outgoing) < LIMIT:
                self.outgoing += struct.pack('!H', len(reply)) + reply
        return self.writable()

    def writable(self):
        try:
            while self.outgoing:
                self.outgoing = self.outgoing[self.stream.send(self.outgoing):]
        except BlockingIOError:
            pass
        except OSError:
            return False
        return True


def main():
    path = sys.argv[1]
    if os.path.exists(path):
        os.unlink(path)
    server = socket.socket(socket.AF_UNIX)
    server.bind(path)
    server.listen(256)
    server.setblocking(False)
    selector = selectors.DefaultSelector()
    selector.register(server, selectors.EVENT_READ)
    while True:
        for key, events in selector.select():
            if key.fileobj is server:
                stream, _ = server.accept()
                stream.setblocking(False)
                selector.register(stream, selectors.EVENT_READ, Port(stream))
                continue
            port = key.data
            alive = port.readable() if events & selectors.EVENT_READ else port.writable()
            if not alive:
                selector.unregister(port.stream)
                port.stream.close()
                continue
            wanted = selectors.EVENT_READ | (selectors.EVENT_WRITE if port.outgoing else 0)
            if wanted != key.events:
                selector.modify(port.stream, wanted, port)


if __name__ == '__main__':
    main()
