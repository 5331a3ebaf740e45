#include "conformance/proposals/support.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include <algorithm>
#include <utility>

namespace referee::suites::proposal_checks {

using conformance::SetupFailed;
namespace media_type = oci::media_type;

namespace {

constexpr std::string_view kAcceptAll =
    "application/vnd.oci.image.manifest.v1+json, application/vnd.oci.image.index.v1+json, "
    "application/vnd.oci.artifact.manifest.v1+json, application/vnd.oci.node.v1+json, "
    "application/vnd.docker.distribution.manifest.v2+json, application/vnd.docker.distribution.manifest.list.v2+json";

/// The list under a key; nullopt if there is none, or an entry is no descriptor.
std::optional<std::vector<oci::Descriptor>> parse_entries(const http::Response& page, std::string_view key) {
  const auto body = conformance::parse_json(page.body);
  const std::string name(key);
  if (!body || !body->is_object() || !body->contains(name) || !body->at(name).is_array()) return std::nullopt;
  std::vector<oci::Descriptor> entries;
  for (const auto& entry : body->at(name)) {
    auto descriptor = oci::descriptor_from_json(entry);
    if (!descriptor) return std::nullopt;
    entries.push_back(std::move(*descriptor));
  }
  return entries;
}

std::string_view own_or(const Context& t, std::string_view repository) {
  return repository.empty() ? std::string_view(t.repository()) : repository;
}

}  // namespace

oci::Content document(std::string_view media_type, const Json& fields) {
  Json all{{"mediaType", media_type}};
  all.update(fields);
  return {std::string(media_type), all.dump()};
}

Json artifact_fields(Context& t, std::string_view type) {
  return {
      {"artifactType", type}, {"blobs", Json::array()}, {"annotations", {{"org.referee.number", t.random().hex(16)}}}};
}

Json artifact_fields(Context& t, std::string_view type, std::string_view link, const oci::Descriptor& subject) {
  auto fields = artifact_fields(t, type);
  fields[std::string(link)] = oci::to_json(subject);
  return fields;
}

oci::Content artifact(const Json& fields) {
  return document(media_type::kArtifactManifest, fields);
}

oci::Content pushed_artifact(Context& t, std::string_view type, std::string_view link, const oci::Descriptor& subject,
                             const oci::Annotations& annotations) {
  auto fields = artifact_fields(t, type, link, subject);
  for (const auto& [key, value] : annotations) fields["annotations"][key] = value;
  auto content = artifact(fields);
  t.push_manifest(content);
  return content;
}

oci::Content image_with(Context& t, std::string_view field, const oci::Descriptor& target,
                        const oci::Annotations& annotations, std::string_view config_type) {
  const oci::Content config(std::string(config_type), "{}");
  const oci::Content layer(std::string(media_type::kOctetStream), t.random().bytes(64));
  oci::ManifestBuilder builder;
  builder.config(config).layer(layer).field(std::string(field), oci::to_json(target).dump());
  for (const auto& [key, value] : annotations) builder.annotation(key, value);
  t.push(config);
  t.push(layer);
  return builder.build().manifest;
}

oci::Content pushed_image_with(Context& t, std::string_view field, const oci::Descriptor& target,
                               const oci::Annotations& annotations, std::string_view config_type) {
  auto content = image_with(t, field, target, annotations, config_type);
  t.push_manifest(content);
  return content;
}

oci::Content pushed_index(Context& t, const oci::Descriptor& child) {
  auto index = oci::IndexBuilder().manifest(child).annotation("org.referee.number", t.random().hex(16)).build();
  t.push_manifest(index);
  return index;
}

void push_list_tag(Context& t, const oci::Package& subject, const std::vector<oci::Content>& entries) {
  oci::IndexBuilder index;
  for (const auto& entry : entries) index.manifest(entry.descriptor());
  t.push_manifest(index.build(), oci::referrers_tag(subject.digest().str()));
}

void expect_blob_order_kept(Context& t, std::string_view link) {
  std::vector<oci::Content> blobs;
  for (int i = 0; i < 3; ++i) blobs.push_back(t.pushed_blob());
  std::ranges::sort(blobs,
                    [](const oci::Content& a, const oci::Content& b) { return b.digest().str() < a.digest().str(); });
  auto fields = artifact_fields(t, "signature/example", link, t.pushed_image().descriptor());
  for (const auto& blob : blobs) fields["blobs"].push_back(oci::to_json(blob.descriptor()));
  const auto content = artifact(fields);
  t.push_manifest(content);
  EXPECT_THAT(get(t, content.digest().str()), ServesContent(content));
}

http::Response put(Context& t, const oci::Content& manifest, std::string_view reference) {
  const auto digest = manifest.digest().str();
  return t.registry().put_manifest(t.repository(), reference.empty() ? digest : reference, manifest).value();
}

http::Response get(Context& t, std::string_view reference) {
  Options options;
  options.headers.set("Accept", std::string(kAcceptAll));
  return t.registry().get_manifest(t.repository(), reference, options).value();
}

std::vector<oci::Descriptor> entries_of(const http::Response& page, std::string_view key) {
  auto entries = parse_entries(page, key);
  EXPECT_TRUE(entries) << "the body has no list `" << key << "` of descriptors";
  return entries.value_or(std::vector<oci::Descriptor>());
}

List read_list(Context& t, const Ask& ask, std::string_view key, std::size_t count) {
  referee::distribution::Walk walk;
  List list;
  bool judgeable = true;
  // Each page is parsed once: some are as large as a manifest may be.
  ask_until([&] {
    walk = referee::distribution::walk_pages(t.registry(), ask()).value();
    list = {};
    judgeable = true;
    for (auto& page : walk.pages) {
      const auto entries = parse_entries(page.response, key);
      if (entries) list.entries.insert(list.entries.end(), entries->begin(), entries->end());
      judgeable = judgeable && (entries || page.response.status != 200);
      list.pages.push_back(std::move(page.response));
    }
    return list.entries.size() >= count;
  });
  EXPECT_FALSE(walk.looped) << "a Link leads back to a page that was read already";
  EXPECT_FALSE(walk.too_many) << "the pages do not end";
  EXPECT_TRUE(judgeable) << "a page has no list `" << key << "` of descriptors";
  for (const auto& page : list.pages) EXPECT_THAT(page, HasStatus(200));
  return list;
}

http::Result ask_artifacts(Context& t, std::string_view digest, std::vector<std::pair<std::string, std::string>> query,
                           std::string_view repository) {
  query.insert(query.begin(), {"digest", std::string(digest)});
  return t.registry().request("GET", fmt::format("/v2/{}/_oci/artifacts/referrers", own_or(t, repository)), {},
                              with_query(std::move(query)));
}

List artifacts_of(Context& t, std::string_view digest, std::size_t count,
                  const std::vector<std::pair<std::string, std::string>>& query) {
  return read_list(t, [&] { return ask_artifacts(t, digest, query); }, "referrers", count);
}

http::Result ask_references(Context& t, std::string_view reference, std::string_view repository) {
  return t.registry().request("GET", fmt::format("/v2/{}/manifests/{}/references", own_or(t, repository), reference));
}

List references_of(Context& t, std::string_view reference, std::size_t count) {
  return read_list(t, [&] { return ask_references(t, reference); }, "manifests", count);
}

List refers_of(Context& t, std::string_view digest, std::size_t count, std::string_view artifact_type) {
  return read_list(
      t, [&] { return t.registry().referrers(t.repository(), digest, artifact_type); }, "manifests", count);
}

void expect_exactly(const List& list, const std::vector<oci::Content>& expected) {
  std::vector<std::string> wanted;
  for (const auto& content : expected) wanted.push_back(content.digest().str());
  EXPECT_THAT(digests(list.entries), testing::UnorderedElementsAreArray(wanted));
}

namespace {

Options without_credentials() {
  Options options;
  options.authenticate = false;
  return options;
}

bool anyone_may_pull(Context& t, std::string_view manifest) {
  const auto answer = t.registry().get_manifest(t.repository(), manifest, without_credentials()).value();
  if (answer.status == 200) return true;
  t.observe("reading without credentials", fmt::format("status {}: not to be told apart", answer.status));
  return false;
}

}  // namespace

void expect_list_for_readers(Context& t, std::string_view path, std::string_view manifest) {
  if (!anyone_may_pull(t, manifest)) return;
  EXPECT_THAT(t.registry().request("GET", path, {}, without_credentials()).value(), HasStatus(200))
      << "who may pull the manifest may not list what refers to it";
}

void observe_list_for_readers(Context& t, std::string_view path, std::string_view manifest) {
  if (!anyone_may_pull(t, manifest)) return;
  const auto answer = t.registry().request("GET", path, {}, without_credentials()).value();
  t.observe("list without credentials", std::to_string(answer.status));
}

OwnRegistry::OwnRegistry(Context& t, std::string_view profile) {
  const auto* facts = t.embedded();
  if (facts == nullptr) throw SetupFailed{"set-up: there is no control port"};
  site_ = conformance::start_site(t, profile.empty() ? facts->profile : std::string(profile), facts->deviations);
  Context::Options context;
  context.registry = &site_.registry();
  context.check_id = "own/registry";
  context.namespace_prefix = "own";
  context_ = std::make_unique<Context>(std::move(context));
}

void OwnRegistry::collect() {
  (void)site_.collect_garbage();
}

void OwnRegistry::switch_to(std::string_view profile) {
  (void)site_.switch_profile(profile);
}

std::string status_text(const http::Response& response) {
  for (const auto* key : {"manifests", "referrers"}) {
    const auto entries = parse_entries(response, key);
    if (entries) return fmt::format("{}, {}", response.status, entries->empty() ? "empty" : "listed");
  }
  return std::to_string(response.status);
}

}  // namespace referee::suites::proposal_checks
