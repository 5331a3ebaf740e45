#include <fmt/format.h>
#include <gmock/gmock.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "conformance/registration.hpp"
#include "conformance/seed/common.hpp"
#include "referee/conformance/matchers.hpp"

/// Whether what a proposal adds to manifests survives a copy.
namespace referee::suites::seed {

using namespace referee::conformance;  // NOLINT(google-build-using-namespace): questions read as sentences

namespace {

using Ordered = nlohmann::ordered_json;
using Names = std::set<std::string>;

constexpr const char* kSignature = "application/vnd.referee.signature.v1+json";

/// Something to copy, with what must be there before it.
struct Form {
  std::string name;
  bool plain = false;  ///< made of nothing but what image-spec 1.0 knows
  oci::Package package;
};

/// The same reference to an image, in each of the forms that were proposed.
std::vector<Form> forms(const oci::Package& image, const oci::Package& artifact) {
  const oci::Content payload(kSignature, "signed");
  const auto subject = oci::to_json(image.descriptor());
  auto entry = artifact.descriptor();
  entry.platform = oci::Platform{"unknown", "unknown", "", ""};
  entry.annotations["org.opencontainers.reference"] = image.digest().str();
  std::vector<Form> all;
  all.push_back({"an index with an artifact",
                 true,
                 {oci::IndexBuilder().manifest(image.descriptor()).manifest(entry).build(), {}}});
  const auto manifest = [&] { return oci::ManifestBuilder().config({kSignature, "{}"}).layer(payload); };
  all.push_back({"a manifest with `subject`", false, manifest().subject(image.descriptor()).build()});
  all.push_back({"a manifest with `refers`", false, manifest().field("refers", subject.dump()).build()});
  const auto listed = Ordered::array({oci::to_json(payload.descriptor())});
  const Ordered old{{"mediaType", oci::media_type::kArtifactManifest},
                    {"artifactType", kSignature},
                    {"blobs", listed},
                    {"subject", subject}};
  all.push_back(
      {"an artifact manifest", false, {{std::string(oci::media_type::kArtifactManifest), old.dump()}, {payload}}});
  const Ordered node{
      {"schemaVersion", 3}, {"mediaType", oci::media_type::kNode}, {"objects", listed}, {"reference", subject}};
  all.push_back({"a node", false, {{std::string(oci::media_type::kNode), node.dump()}, {payload}}});
  return all;
}

Ordered only(const Ordered& object, const Names& known) {
  Ordered kept = Ordered::object();
  for (const auto& [key, value] : object.items()) {
    if (known.contains(key)) kept[key] = value;
  }
  return kept;
}

/// What is left of a manifest that was read into the types of image-spec 1.0 and written again.
std::string rewritten(const std::string& bytes) {
  const auto descriptor = [](const Ordered& value) {
    auto kept = only(value, {"mediaType", "digest", "size", "urls", "annotations", "platform"});
    if (kept.contains("platform")) {
      kept["platform"] = only(kept["platform"], {"architecture", "os", "os.version", "os.features", "variant"});
    }
    return kept;
  };
  auto kept = only(Ordered::parse(bytes, nullptr, false),
                   {"schemaVersion", "mediaType", "config", "layers", "manifests", "annotations"});
  if (kept.contains("config")) kept["config"] = descriptor(kept["config"]);
  for (const char* key : {"layers", "manifests"}) {
    if (!kept.contains(key)) continue;
    for (auto& value : kept[key]) value = descriptor(value);
  }
  return kept.dump();
}

/// What became of a form at the place it was copied to.
struct Fate {
  std::string status;
  bool same = false;
};

/// Copies one that the registry has taken, with a tool that copies bytes.
Fate copied_as_it_is(const Site& from, const Site& to, const Form& form, const std::string& tag) {
  const proposals::Subject subject{form.package.descriptor(), tag, form.package.manifest};
  const auto copied = copy_tree(from, subject, to);
  if (!copied) return {copied.error().message, false};
  const bool same = to.digest_of(tag) == form.package.digest().str();
  return {same ? "same digest" : "another digest", same};
}

/// The same with a tool that reads and writes what it knows.
Fate copied_by_types(const Site& to, const Form& form, const std::string& tag) {
  const oci::Content content(form.package.manifest.media_type(), rewritten(form.package.manifest.bytes()));
  const auto status = to.registry().put_manifest(to.repository(), tag, content).value().status;
  if (status != 201) return {fmt::format("refused with {}", status), false};
  const bool same = to.digest_of(tag) == form.package.digest().str();
  return {same ? "same digest" : "another digest", same};
}

void index_safe(Context& context) {
  Arena arena(context, proposals::variants().front());
  const auto& home = arena.home();
  const auto target = arena.beside("copied");
  const auto image = oci::image(context.random());
  const auto artifact = oci::ManifestBuilder().config({kSignature, "{}"}).layer({kSignature, "x"}).build();
  for (const auto* package : {&image, &artifact}) (void)context.push_at(home.registry(), home.repository(), *package);
  int number = 0;
  for (const auto& form : forms(image, artifact)) {
    const auto tag = fmt::format("form-{}", ++number);
    for (const auto& blob : form.package.blobs) context.push_to(home.repository(), blob);
    const auto taken = home.registry().put_manifest(home.repository(), tag, form.package.manifest).value().status;
    if (taken != 201) {
      EXPECT_FALSE(form.plain) << form.name << " is refused with " << taken;
      note(arena, form.name, fmt::format("not taken, {}", taken));
      continue;
    }
    const auto bytes = copied_as_it_is(home, target, form, tag);
    const auto types = copied_by_types(target, form, tag + "-rewritten");
    EXPECT_TRUE(bytes.same) << form.name << ", copied byte for byte: " << bytes.status;
    EXPECT_EQ(types.same, form.plain) << form.name << ", read and written again: " << types.status;
    note(arena, form.name, fmt::format("{}; read and written again: {}", bytes.status, types.status));
  }
}

}  // namespace

void register_copies(Catalogue& catalogue) {
  catalogue.add({.id = "seed/copy-index-safe",
                 .title = "Indexes survive every copy tool, new fields only those that copy bytes",
                 .how = "Pushes one reference in five forms and copies those that are taken to another repository, "
                        "byte for byte and as a tool does that reads manifests into the types of image-spec 1.0 and "
                        "writes those; only the index may keep its digest both times.",
                 .requirements = {"S.copy.index-safe"},
                 .needs = {},
                 .after = {},
                 .kills = {"r.put.strip-unknown-field", "r.put.reject-unknown-field"},
                 .tags = {"story"},
                 .profiles = {"oci-1.1", "oci-1.0"},
                 .body = index_safe});
}

}  // namespace referee::suites::seed
