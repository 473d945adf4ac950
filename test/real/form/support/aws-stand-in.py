#!/usr/bin/python3
"""Stands for the command line of AWS on an instance: parameters and objects are files below /srv/aws."""
import shutil
import sys

words = sys.argv[1:]
try:
    if words[:2] == ["ssm", "get-parameter"]:
        assert "--with-decryption" in words
        name = words[words.index("--name") + 1]
        print(open("/srv/aws/parameters" + name).read())
    elif words[:2] == ["s3", "cp"]:
        source, target = [word for word in words[2:] if "/" in word][:2]
        shutil.copy("/srv/aws/objects/" + source.split("/", 3)[3], target)
    else:
        sys.exit("not a call that instances make: %s" % words)
except FileNotFoundError as error:
    sys.exit("An error occurred (ParameterNotFound): %s" % error)
