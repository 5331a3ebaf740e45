#!/usr/bin/env python3
"""Signs with cosign and verifies here, and the other way round, in both forms that cosign stores.

    run.py TOOL REFEREE COSIGN [KIND...]      programs: signing_interop, referee, cosign 3; KIND: p256, ed25519 (default: both)

Starts `referee serve`, prints one line a case and ends with `N passed, N failed`.
"""
import hashlib, json, os, subprocess, sys, tempfile, urllib.error, urllib.request

TOOL, REFEREE, COSIGN = map(os.path.abspath, sys.argv[1:4])
MANIFEST = "application/vnd.oci.image.manifest.v1+json"
EMPTY = "application/vnd.oci.empty.v1+json"
BUNDLE = "application/vnd.dev.sigstore.bundle.v0.3+json"
SIMPLE = "application/vnd.dev.cosign.simplesigning.v1+json"
SIGNATURE = "dev.cosignproject.cosign/signature"
INSECURE = ["--allow-insecure-registry", "--allow-http-registry"]
FORMS = {"bundle": "true", "simple": "false"}  # cosign's --new-bundle-format
work = tempfile.mkdtemp(prefix="referee-interop-")
counts = {True: 0, False: 0}


def sha256(data):
    return "sha256:" + hashlib.sha256(data).hexdigest()


def path(name, data=None):
    full = os.path.join(work, name)
    if data is not None:
        with open(full, "wb") as file:
            file.write(data if isinstance(data, bytes) else data.encode())
    return full


def tool(*args):
    return json.loads(subprocess.run([TOOL, *args], check=True, capture_output=True, text=True).stdout)


def cosign(*args):
    done = subprocess.run([COSIGN, *args], capture_output=True, text=True, cwd=work, timeout=300,
                          env={"HOME": work, "PATH": os.environ["PATH"], "COSIGN_PASSWORD": ""})
    return done.returncode, (done.stderr + done.stdout).strip()


def report(good, what, said):
    counts[bool(good)] += 1
    print(f"{'pass' if good else 'FAIL'}  {what}\n      {said}", flush=True)


class Repository:
    """One repository of the reference registry with one image in it."""

    def __init__(self, host, name):
        self.host, self.name = host, name
        config = self.blob("application/vnd.oci.image.config.v1+json", json.dumps(
            {"architecture": "amd64", "os": "linux", "rootfs": {"type": "layers", "diff_ids": []}, "x": name}).encode())
        self.manifest = json.dumps({"schemaVersion": 2, "mediaType": MANIFEST, "config": config, "layers": []}).encode()
        self.digest = sha256(self.manifest)
        self.put(self.digest, self.manifest)
        self.reference = f"{host}/{name}@{self.digest}"

    def call(self, method, url, data=None, kind="application/octet-stream"):
        if not url.startswith("http"):
            url = f"http://{self.host}/v2/{self.name}/{url}"
        request = urllib.request.Request(url, data, {"Content-Type": kind, "Accept": "*/*"}, method=method)
        return urllib.request.urlopen(request, timeout=30)

    def blob(self, kind, data):
        location = self.call("POST", "blobs/uploads/", b"").headers["Location"]
        location = location if location.startswith("http") else f"http://{self.host}{location}"
        self.call("PUT", location + ("&" if "?" in location else "?") + "digest=" + sha256(data), data)
        return {"mediaType": kind, "digest": sha256(data), "size": len(data)}

    def put(self, reference, manifest):
        self.call("PUT", "manifests/" + reference, manifest, MANIFEST)

    def attach(self, signature):
        """As cosign would: a referrer with a bundle, or a layer of the tag .sig."""
        layer = self.blob(signature["artifactType"], signature["payload"].encode())
        manifest = {"schemaVersion": 2, "mediaType": MANIFEST, "layers": [layer]}
        if signature["artifactType"] == BUNDLE:
            subject = {"mediaType": MANIFEST, "digest": self.digest, "size": len(self.manifest)}
            manifest |= {"artifactType": BUNDLE, "config": self.blob(EMPTY, b"{}"), "subject": subject,
                         "annotations": signature["annotations"]}
            data = json.dumps(manifest).encode()
            return self.put(sha256(data), data)
        layer["annotations"] = signature["annotations"]
        manifest["config"] = self.blob("application/vnd.oci.image.config.v1+json", json.dumps(
            {"architecture": "", "os": "", "config": {}, "rootfs": {"type": "layers", "diff_ids": [layer["digest"]]}}).encode())
        return self.put(self.digest.replace(":", "-") + ".sig", json.dumps(manifest).encode())

    def listing(self):
        """What verify reads: the referrers and the layers of the tag."""
        found = json.load(self.call("GET", "referrers/" + self.digest))["manifests"]
        entries = []
        for entry in found:
            manifest = json.load(self.call("GET", "manifests/" + entry["digest"]))
            self.entry(entries, entry["artifactType"], entry.get("annotations", {}), entry, manifest["layers"][0])
        try:
            manifest = json.load(self.call("GET", "manifests/" + self.digest.replace(":", "-") + ".sig"))
        except urllib.error.HTTPError:
            return entries
        for layer in manifest["layers"]:
            self.entry(entries, layer["mediaType"], layer.get("annotations", {}), layer, layer)
        return entries

    def entry(self, entries, kind, annotations, listed, layer):
        payload = self.call("GET", "blobs/" + layer["digest"]).read()
        file = path(f"{self.name.replace('/', '-')}-{len(entries)}", payload)
        entries.append({"artifactType": kind, "annotations": annotations, "digest": listed["digest"],
                        "size": listed["size"], "file": file})


def decide(repository, public, **fields):
    policy = path("policy.json", json.dumps({"schema": "referee.policy/1", "keys": [public], **fields}))
    listing = path("listing.json", json.dumps(repository.listing()))
    return tool("verify", policy, repository.digest, "2026-11-28T12:00:00Z", listing)


def ours_to_cosign(host, keys, kind, form):
    repository = Repository(host, f"ours/{kind}/{form}")
    repository.attach(tool("sign", form, keys[kind]["file"], repository.digest, f"{host}/{repository.name}"))
    verify = ["verify", "--insecure-ignore-tlog=true", f"--new-bundle-format={FORMS[form]}", *INSECURE]
    status, said = cosign(*verify, "--key", keys[kind]["pub"], repository.reference)
    report(status == 0, f"cosign verifies our {form} by {kind}", said.splitlines()[-1][:300])
    wrong = keys["other"]["pub"]
    status, said = cosign(*verify, "--key", wrong, repository.reference)
    report(status != 0, f"cosign refuses our {form} by {kind} with another key", said.splitlines()[-1][:300])
    own = decide(repository, keys[kind]["public"])
    report(own["allowed"], f"we verify our {form} by {kind}", own["reason"])


def cosign_to_ours(host, keys, kind, form):
    repository = Repository(host, f"theirs/{kind}/{form}")
    status, said = cosign("sign", "--key", keys[kind]["cosign"], "--tlog-upload=false", "--use-signing-config=false", "-y",
                          f"--new-bundle-format={FORMS[form]}", *INSECURE, repository.reference)
    if status != 0:
        return report(False, f"cosign signs a {form} by {kind}", said.splitlines()[-1][:300])
    kinds = [entry["artifactType"] for entry in repository.listing()]
    wanted = BUNDLE if form == "bundle" else SIMPLE
    report(kinds == [wanted], f"cosign stored one {form} by {kind}", str(kinds))
    # cosign 3.1.3 signs with Ed25519ph where it then verifies pure Ed25519: nobody takes these, not even cosign.
    usable = kind != "ed25519"
    good = decide(repository, keys[kind]["public"])
    report(good["allowed"] == usable, f"we {'verify' if usable else 'refuse'} cosign's {form} by {kind}", good["reason"])
    bad = decide(repository, keys["other"]["public"])
    report(not bad["allowed"] and bad["checked"] == 1, f"we refuse cosign's {form} by {kind} with another key", bad["reason"])
    status, said = cosign("verify", "--insecure-ignore-tlog=true", f"--new-bundle-format={FORMS[form]}", *INSECURE,
                          "--key", keys[kind]["pub"], repository.reference)
    report((status == 0) == usable, f"cosign {'verifies' if usable else 'refuses'} its own {form} by {kind}",
           said.splitlines()[-1][:300])


def make_keys():
    keys = {}
    for name, kind, seed in (("p256", "p256", "1"), ("ed25519", "ed25519", "2"), ("other", "p256", "3")):
        key = tool("key", kind, seed)
        key["file"], key["pub"] = path(name + ".pem", key["private"]), path(name + ".pub", key["public"])
        status, said = cosign("import-key-pair", "--key", key["file"], "--output-key-prefix", "cosign-" + name)
        key["cosign"] = path(f"cosign-{name}.key")
        same = status == 0 and open(path(f"cosign-{name}.pub")).read() == key["public"]
        report(same, f"cosign imports our {kind} key and writes the same public half", said.replace("\n", " ")[:200])
        keys[name] = key
    return keys


def main():
    server = subprocess.Popen([REFEREE, "serve", "--listen", "127.0.0.1:0"], stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, text=True)
    try:
        line = server.stdout.readline()
        host = next(word for word in line.replace("http://", "").split() if word.startswith("127.0.0.1:")).rstrip("/,.")
        print(cosign("version")[1].split("GitVersion:")[-1].split()[0], host)
        keys = make_keys()
        for kind in sys.argv[4:] or ["p256", "ed25519"]:
            for form in FORMS:
                ours_to_cosign(host, keys, kind, form)
                cosign_to_ours(host, keys, kind, form)
    finally:
        server.terminate()
        server.wait()
    print(f"{counts[True]} passed, {counts[False]} failed; files in {work}")
    return 1 if counts[False] else 0


sys.exit(main())
