"""A client of registries, right or wrong as it is told, that the checks of clients are tried on.

usage: fake_client.py DEFECTS COMMAND ARGUMENT...     DEFECTS: names with commas between, or -
"""
import hashlib
import http.client
import json
import os
import re
import sys
import time
import urllib.parse

MANIFEST = "application/vnd.oci.image.manifest.v1+json"
INDEX = "application/vnd.oci.image.index.v1+json"
OCTETS = "application/octet-stream"
EMPTY = "application/vnd.oci.empty.v1+json"
MOST_PAGES = 20
MOST_REDIRECTS = 5
MOST_BYTES = 64 << 20

defects = set(sys.argv[1].split(","))


def wrong(name):
    return name in defects


class Problem(Exception):
    pass


def digest_of(data, algorithm="sha256"):
    return algorithm + ":" + hashlib.new(algorithm, data).hexdigest()


def has_digest(data, digest):
    return digest_of(data, digest.split(":")[0]) == digest


def need_headers(found, *names):
    """Of a client that relies on what a registry need not send."""
    for name in names:
        if wrong("needs-" + name) and name not in found:
            raise Problem("no " + name)


class Registry:
    def __init__(self, host):
        self.host = host
        self.token = None

    def credentials(self):
        try:
            with open(os.path.expanduser("~/.docker/config.json"), encoding="utf-8") as file:
                return "Basic " + json.load(file)["auths"][self.host]["auth"]
        except (OSError, KeyError):
            return None

    def authenticate(self, challenge):
        if wrong("no-login"):
            raise Problem("401")
        if challenge.startswith("Basic"):
            self.token = self.credentials()
            if self.token and wrong("other-scheme"):
                self.token = self.token.replace("Basic", "Bearer")
            return self.token is not None
        fields = dict(re.findall(r'(\w+)="([^"]*)"', challenge))
        realm = urllib.parse.urlsplit(fields["realm"])
        scope = "registry:catalog:*" if wrong("other-scope") else fields.get("scope", "")
        query = urllib.parse.urlencode({"service": fields.get("service", ""), "scope": scope}, safe=":/,")
        headers = {"Authorization": self.credentials()} if self.credentials() else {}
        status, _, body = self.once(realm.netloc, "GET", realm.path + "?" + query, None, headers)
        if status != 200:
            return False
        self.token = "Bearer " + json.loads(body)["token"]
        return True

    @staticmethod
    def once(host, method, target, body, headers):
        connection = http.client.HTTPConnection(host, timeout=10)
        connection.request(method, target, body, headers)
        answer = connection.getresponse()
        try:
            data = answer.read(MOST_BYTES)
            cut = answer.length not in (None, 0) and method != "HEAD"
        except http.client.IncompleteRead as partial:
            data, cut = partial.partial, True
        connection.close()
        if wrong("minds-case") and any(name[0].islower() for name, _ in answer.getheaders()):
            raise Problem("a header begins with a small letter")
        found = {name.lower(): value for name, value in answer.getheaders()}
        if cut:
            found["cut"] = "yes"
        return answer.status, found, data

    def send(self, method, target, body=None, headers=None, host=None):
        host = host or self.host
        retried = 0
        redirects = 0
        while True:
            sent = dict(headers or {})
            if self.token and (host == self.host or wrong("forwards-authorization")):
                sent["Authorization"] = self.token
            status, found, data = self.once(host, method, target, body, sent)
            if status == 401 and not retried and host == self.host and self.authenticate(found.get("www-authenticate", "")):
                retried += 1
            elif status == 429 and retried < 2:
                retried += 1
                time.sleep(0 if wrong("ignores-retry-after") else int(found.get("retry-after", "1")))
            elif status in (301, 302, 307, 308) and not wrong("no-redirects"):
                redirects += 1
                if redirects > MOST_REDIRECTS and not wrong("redirects-unbounded"):
                    raise Problem("too many redirects")
                to = urllib.parse.urlsplit(urllib.parse.urljoin(f"http://{host}{target}", found["location"]))
                host, target = to.netloc, to.path + ("?" + to.query if to.query else "")
            else:
                return status, found, data

    def need(self, wanted, method, target, body=None, headers=None):
        status, found, data = self.send(method, target, body, headers)
        if status not in wanted:
            raise Problem(f"{method} {target}: {status}")
        return found, data

    # Reading.

    def manifest(self, repository, reference, size=None):
        accept = {} if wrong("no-accept") else {"Accept": f"{MANIFEST}, {INDEX}, application/vnd.docker.distribution.manifest.v2+json"}
        status, found, data = self.send("GET", f"/v2/{repository}/manifests/{reference}", None, accept)
        if status != 200:
            raise Problem(f"manifest {reference}: {status}")
        if ":" in reference and not has_digest(data, reference) and not wrong("no-digest-check"):
            raise Problem(f"{reference} is something else")
        if size is not None and len(data) != size and not wrong("no-size-check"):
            raise Problem(f"{reference} has another size")
        content = json.loads(data)
        kind = found.get("content-type", "")
        if not wrong("minds-type-parameters"):
            kind = kind.split(";")[0]
        if content.get("mediaType", kind) != kind and not wrong("no-type-check"):
            raise Problem(f"{kind} is called {content['mediaType']}")
        digest = digest_of(data, reference.split(":")[0] if ":" in reference else "sha256")
        if wrong("trusts-digest-header"):
            digest = found.get("docker-content-digest", digest)
        need_headers(found, "docker-content-digest", "etag", "content-length")
        if wrong("obeys-warnings") and "warning" in found:
            raise Problem(found["warning"])
        return kind, data, digest

    def blob(self, repository, digest, size=None):
        target = f"/v2/{repository}/blobs/{digest}"
        status, found, data = self.send("GET", target)
        if status == 200 and "cut" in found and not wrong("accepts-cut"):
            status, found, rest = self.send("GET", target, None, {"Range": f"bytes={len(data)}-"})
            data = data + rest if status == 206 else rest
            if "cut" in found:
                raise Problem(f"{digest}: the connection ended")
            status = 200
        if status != 200:
            raise Problem(f"blob {digest}: {status}")
        need_headers(found, "docker-content-digest", "etag", "content-length", "accept-ranges")
        if wrong("needs-length-of-head") and "content-length" not in self.send("HEAD", target)[1]:
            raise Problem("no Content-Length")
        if wrong("trusts-digest-header"):
            digest = found.get("docker-content-digest", digest)
            if not has_digest(data, digest) and not wrong("no-digest-check"):
                data = b"something else"
        elif size is not None and len(data) != size and not wrong("no-size-check"):
            raise Problem(f"{digest} has another size")
        elif not has_digest(data, digest) and not wrong("no-digest-check"):
            raise Problem(f"{digest} is something else")
        return data

    def pages(self, target):
        seen = []
        host = self.host
        while True:
            status, found, data = self.send("GET", target, None, {}, host)
            if status != 200:
                raise Problem(str(status))
            yield found, json.loads(data)
            link = re.match(r'<([^>]*)>(.*)', found.get("link", ""))
            if not link or not re.search(r'rel="?next"?', link[2]) or wrong("no-link"):
                return
            to = urllib.parse.urlsplit(urllib.parse.urljoin(f"http://{host}{target}", link[1]))
            if to.netloc != self.host and not wrong("forwards-authorization"):
                raise Problem("the next page is on another host")
            host, target = to.netloc, to.path + ("?" + to.query if to.query else "")
            seen.append(target)
            if (seen.count(target) > 1 or len(seen) > MOST_PAGES) and not wrong("link-unbounded"):
                raise Problem("the pages have no end")

    def fallback(self, repository, digest):
        """The entries under the referrers tag; none if there is no such tag or no index under it."""
        algorithm, encoded = digest.split(":")
        tag = f"{algorithm[:32]}-{encoded if wrong('long-tag') else encoded[:64]}"
        status, _, data = self.send("GET", f"/v2/{repository}/manifests/{tag}", None, {"Accept": INDEX})
        if status not in (200, 404):
            raise Problem(f"{tag}: {status}")
        content = json.loads(data) if status == 200 else {"mediaType": INDEX, "manifests": []}
        return tag, content

    def referrers(self, repository, digest, wanted):
        target = f"/v2/{repository}/referrers/{digest}" + (f"?artifactType={urllib.parse.quote(wanted, safe='')}" if wanted else "")
        status, _, _ = self.send("GET", target)
        if status == 404 and wrong("no-fallback"):
            raise Problem("404")
        if status == 404 or (status != 200 and wrong("fallback-on-any-error")):
            _, content = self.fallback(repository, digest)
            if content.get("mediaType") != INDEX:
                if wrong("minds-squatter"):
                    raise Problem("no index")
                content = {"manifests": []}
            found = content["manifests"]
            claimed = wrong("trusts-server-filter")
        elif status != 200 and wrong("error-is-none"):
            return []
        else:
            found = []
            claimed = False
            for headers, page in self.pages(target):
                found += page["manifests"]
                claimed = "oci-filters-applied" in headers and wrong("trusts-filter-claim") or wrong("trusts-server-filter")
        if wrong("none-is-an-error") and not found:
            raise Problem("none")
        if wrong("finds-nothing"):
            return []
        return [one for one in found if claimed or not wanted or one.get("artifactType") == wanted]

    # Writing.

    def push_blob(self, repository, data):
        if wrong("single-post-only"):
            self.need((201,), "POST", f"/v2/{repository}/blobs/uploads/?digest={digest_of(data)}", data)
            return
        start = f"/v2/{repository}/blobs/uploads/" + ("?digest=" + digest_of(data) if wrong("tries-single-post") else "")
        found, _ = self.need((202,), "POST", start)
        location = found["location"]
        if wrong("assembles-location"):
            location = f"/v2/{repository}/blobs/uploads/" + location.split("?")[0].split("/")[-1]
        if wrong("location-is-a-path") and not location.startswith("/"):
            raise Problem("no path: " + location)
        if wrong("small-chunks"):
            half = len(data) // 2 if len(data) < 100 else 50
            found, _ = self.need((202,), "PATCH", self.path(location), data[:half], {"Content-Range": f"0-{half - 1}", "Content-Type": OCTETS})
            location, data_left = found["location"], data[half:]
        else:
            data_left = data
        if wrong("keeps-first-location") and not wrong("small-chunks"):
            self.need((202,), "PATCH", self.path(location), data, {"Content-Type": OCTETS})
            self.need((204,), "GET", self.path(location))
            self.need((204,), "GET", self.path(location))
            data_left = b""
        target = self.path(location)
        target += ("&" if "?" in target else "?") + "digest=" + digest_of(data)
        found, _ = self.need((201,), "PUT", target, data_left, {"Content-Type": OCTETS})
        need_headers(found, "docker-content-digest")

    def path(self, location):
        to = urllib.parse.urlsplit(location)
        return to.path + ("?" + to.query if to.query else "")

    def push_manifest(self, repository, reference, data):
        content = json.loads(data)
        kind = "application/vnd.docker.distribution.manifest.v2+json" if wrong("push-wrong-type") else content.get("mediaType", MANIFEST)
        found, _ = self.need((201,), "PUT", f"/v2/{repository}/manifests/{reference}", data, {"Content-Type": kind})
        need_headers(found, "docker-content-digest")
        if "subject" not in content or wrong("no-fallback"):
            return
        if "oci-subject" not in found or wrong("fallback-when-api"):
            self.list_under_tag(repository, content["subject"]["digest"], data, content)

    def list_under_tag(self, repository, subject, data, content):
        tag, index = self.fallback(repository, subject)
        if index.get("mediaType") != INDEX:
            if not wrong("overwrites-non-index"):
                raise Problem("what is under the referrers tag is no index")
            index = {"manifests": []}
        entries = [] if wrong("blind-fallback-put") else index["manifests"]
        entry = {"mediaType": content["mediaType"], "digest": digest_of(data), "size": len(data)}
        if not wrong("no-artifacttype-copy"):
            entry["artifactType"] = content.get("artifactType") or content["config"]["mediaType"]
        if content.get("annotations") and not wrong("no-annotation-copy"):
            entry["annotations"] = content["annotations"]
        if wrong("dup-append") or all(one["digest"] != entry["digest"] for one in entries):
            entries.append(entry)
        self.put_index(repository, tag, entries)

    def put_index(self, repository, tag, entries):
        data = json.dumps({"schemaVersion": 2, "mediaType": INDEX, "manifests": entries}).encode()
        status, _, _ = self.send("PUT", f"/v2/{repository}/manifests/{tag}", data, {"Content-Type": INDEX})
        if status != 201 and not wrong("hides-refusal"):
            raise Problem(f"{tag}: {status}")


def split(reference):
    host, rest = reference.split("/", 1)
    if "@" in rest:
        repository, version = rest.split("@")
    else:
        repository, version = rest.rsplit(":", 1)
    return Registry(host), repository, version


def everything(registry, repository, version, size=None):
    """The manifest, and what hangs on it, each verified: (digest, bytes, blobs, children)."""
    kind, data, digest = registry.manifest(repository, version, size)
    content = json.loads(data)
    if kind == INDEX:
        children = [everything(registry, repository, one["digest"], one["size"]) for one in content["manifests"]]
        return digest, data, [], children
    blobs = [registry.blob(repository, one["digest"], one["size"]) for one in [content["config"]] + content["layers"]]
    return digest, data, blobs, []


def pull(folder, reference):
    registry, repository, version = split(reference)
    digest, _, _, children = everything(registry, repository, version)
    with open(os.path.join(folder, "selected"), "w", encoding="utf-8") as file:
        print(children[0][0] if children else digest, file=file)


def manifest(reference):
    registry, repository, version = split(reference)
    sys.stdout.buffer.write(registry.manifest(repository, version)[1])


def blob(reference, output):
    registry, repository, digest = split(reference)
    data = registry.blob(repository, digest)
    with open(output, "wb") as file:
        file.write(data)


def tags(reference):
    registry, repository, _ = split(reference)
    for _, page in registry.pages(f"/v2/{repository}/tags/list"):
        print("\n".join(page["tags"]))


def discover(reference, wanted=""):
    registry, repository, version = split(reference)
    digest = version if ":" in version else registry.manifest(repository, version)[2]
    for one in registry.referrers(repository, digest, wanted):
        print(one["digest"])


def attach(reference, path, kind, key, value):
    registry, repository, version = split(reference)
    with open(path, "rb") as file:
        data = file.read()
    subject_kind, subject, digest = registry.manifest(repository, version)
    for one in (b"{}", data):
        registry.push_blob(repository, one)
    content = {"schemaVersion": 2, "mediaType": MANIFEST, "artifactType": kind,
               "config": {"mediaType": EMPTY, "digest": digest_of(b"{}"), "size": 2},
               "layers": [{"mediaType": OCTETS, "digest": digest_of(data), "size": len(data)}],
               "subject": {"mediaType": subject_kind, "digest": digest, "size": len(subject)},
               "annotations": {key: value}}
    made = json.dumps(content).encode()
    registry.push_manifest(repository, digest_of(made), made)


def push(folder, reference):
    registry, repository, version = split(reference)

    def read(digest):
        with open(os.path.join(folder, "blobs", *digest.split(":")), "rb") as file:
            return file.read()

    with open(os.path.join(folder, "index.json"), encoding="utf-8") as file:
        data = read(json.load(file)["manifests"][0]["digest"])
    content = json.loads(data)
    for one in [content["config"]] + content["layers"]:
        registry.push_blob(repository, read(one["digest"]))
    registry.push_manifest(repository, version, json.dumps(content, indent=1).encode() if wrong("reserialises") else data)


def copy_one(registry, repository, target, tree, version):
    digest, data, blobs, children = tree
    for child in [] if wrong("copies-no-children") else children:
        copy_one(registry, repository, target, child, child[0])
    for one in blobs:
        mount = f"/v2/{target}/blobs/uploads/?mount={digest_of(one)}&from={repository}"
        status, found, _ = registry.send("POST", mount)
        if status == 202 and not wrong("needs-mount"):
            to = registry.path(found["location"])
            registry.need((201,), "PUT", to + ("&" if "?" in to else "?") + "digest=" + digest_of(one), one)
        elif status != 201:
            raise Problem(f"mount: {status}")
    if wrong("reserialises"):
        data = json.dumps(json.loads(data), indent=1).encode()
    registry.push_manifest(target, version, data)
    if wrong("copy-no-referrers"):
        return
    for one in registry.referrers(repository, digest, ""):
        copy_one(registry, repository, target, everything(registry, repository, one["digest"]), one["digest"])


def copy(reference, destination):
    registry, repository, version = split(reference)
    _, target, tag = split(destination)
    copy_one(registry, repository, target, everything(registry, repository, version), tag)


def delete(reference):
    registry, repository, digest = split(reference)
    content = json.loads(registry.manifest(repository, digest)[1])
    if not wrong("deletes-nothing"):
        registry.need((202,), "DELETE", f"/v2/{repository}/manifests/{digest}")
    if "subject" not in content or wrong("delete-leaves-entry"):
        return
    subject = content["subject"]["digest"]
    if registry.send("GET", f"/v2/{repository}/referrers/{subject}")[0] == 404:
        tag, index = registry.fallback(repository, subject)
        rest = [one for one in index["manifests"] if one["digest"] != digest]
        registry.put_index(repository, tag, [] if wrong("delete-empties-list") else rest)


try:
    {"pull": pull, "manifest": manifest, "blob": blob, "tags": tags, "discover": discover, "attach": attach, "push": push,
     "copy": copy, "delete": delete}[sys.argv[2]](*sys.argv[3:])
except (Problem, OSError, ValueError, KeyError, http.client.HTTPException) as problem:
    print("error:", repr(problem), file=sys.stderr)
    sys.exit(1)
