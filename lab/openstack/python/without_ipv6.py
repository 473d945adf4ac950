"""Runs a program for which IPv6 does not exist: python3 -m tandem_lab.without_ipv6 PROGRAM ARGUMENT...

Erlang's port mapper listens on ::1 whatever it is told, and the lab listens on 127.0.0.1 only. A system call filter
answers socket(AF_INET6, ...) with EAFNOSUPPORT, as a kernel without IPv6 does; programs are prepared for that.
"""
import ctypes
import os
import struct
import sys

PR_SET_NO_NEW_PRIVS = 38
PR_SET_SECCOMP = 22
SECCOMP_MODE_FILTER = 2
LOAD, EQUAL, RETURN = 0x20, 0x15, 0x06  # BPF_LD|BPF_W|BPF_ABS, BPF_JMP|BPF_JEQ|BPF_K, BPF_RET|BPF_K
SYS_SOCKET, AF_INET6, EAFNOSUPPORT = 41, 10, 97  # x86-64
ALLOW, ERRNO = 0x7FFF0000, 0x00050000
NUMBER, FIRST_ARGUMENT = 0, 16  # offsets in struct seccomp_data

PROGRAM = [
    (LOAD, 0, 0, NUMBER),
    (EQUAL, 0, 3, SYS_SOCKET),
    (LOAD, 0, 0, FIRST_ARGUMENT),
    (EQUAL, 0, 1, AF_INET6),
    (RETURN, 0, 0, ERRNO | EAFNOSUPPORT),
    (RETURN, 0, 0, ALLOW),
]


def main():
    code = b''.join(struct.pack('HBBI', *instruction) for instruction in PROGRAM)
    buffer = ctypes.create_string_buffer(code, len(code))
    filter_program = ctypes.create_string_buffer(struct.pack('HxxxxxxP', len(PROGRAM), ctypes.addressof(buffer)))
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0:
        sys.exit('no_new_privs: ' + os.strerror(ctypes.get_errno()))
    if libc.prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, filter_program, 0, 0) != 0:
        sys.exit('seccomp: ' + os.strerror(ctypes.get_errno()))
    os.execvp(sys.argv[1], sys.argv[1:])


if __name__ == '__main__':
    main()
