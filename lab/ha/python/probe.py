"""The status of each URL, asked at once: `probe.py SECONDS URL…` prints {"URL": status or what went wrong}."""
import concurrent.futures
import json
import sys
import urllib.error
import urllib.request


def ask(url):
    try:
        with urllib.request.urlopen(url, timeout=float(sys.argv[1])) as answer:
            return answer.status
    except urllib.error.HTTPError as error:
        return error.code
    except Exception as error:  # noqa: BLE001: no answer, for whatever reason
        return str(error)


with concurrent.futures.ThreadPoolExecutor(16) as pool:
    print(json.dumps(dict(zip(sys.argv[2:], pool.map(ask, sys.argv[2:])))))
