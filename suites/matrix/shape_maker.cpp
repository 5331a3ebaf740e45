#include "shape_maker.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace referee::suites::matrix {
namespace {

constexpr std::string_view kSignatureType = "application/vnd.referee.signature.v1+json";

}  // namespace

std::string Shape::label_of(std::string_view digest) const {
  const auto* part = find(digest);
  return part == nullptr ? "" : part->label;
}

const Part* Shape::find(std::string_view digest) const {
  // What was pushed last goes first: a root that is an image is called after what it is to the runtime.
  // Ten thousand entries are looked for in ten thousand parts: a text is made only of the one that it may be.
  const auto found = std::ranges::find_if(parts, [&](const Part& part) {
    const auto& own = part.content.digest();
    return digest.ends_with(own.encoded()) && digest == own.str();
  });
  return found == parts.end() ? nullptr : &*found;
}

bool Shape::whole() const {
  return !sparse && std::ranges::all_of(parts, &Part::pushed);
}

ShapeMaker::ShapeMaker(std::uint64_t seed, oci::Platform platform, std::string id, std::string about,
                       std::vector<std::string> requirements)
    : platform_(std::move(platform)), random_(seed, "shape " + id) {
  shape_.id = std::move(id);
  shape_.about = std::move(about);
  shape_.requirements = std::move(requirements);
}

oci::Descriptor ShapeMaker::add(const std::string& label, const oci::Package& package, bool own_config) {
  added_ = package.blobs.size() + 1;
  // A manifest's config is the first of its blobs.
  for (std::size_t at = 0; at < package.blobs.size(); ++at) {
    shape_.parts.push_back({package.blobs[at], own_config && at == 0 ? label : label + "'s blob", true, true});
  }
  shape_.parts.push_back({package.manifest, label, false, true});
  return package.descriptor();
}

oci::Descriptor ShapeMaker::image(const std::string& label, const oci::Platform& platform) {
  auto entry = add(label, oci::image(random_, 64, platform));
  entry.platform = platform;
  return entry;
}

oci::Descriptor ShapeMaker::image(const std::string& label) {
  return image(label, platform_);
}

oci::Descriptor ShapeMaker::artifact(const std::string& label) {
  return add(label,
             oci::ManifestBuilder()
                 .artifact_type(kSignatureType)
                 .layer({std::string(kSignatureType), random_.bytes(64)})
                 .build(),
             false);
}

oci::Descriptor ShapeMaker::nest(const oci::Content& index, const std::string& label) {
  added_ = 1;
  shape_.parts.push_back({index, label, false, true});
  return index.descriptor();
}

oci::Descriptor ShapeMaker::nest(const std::vector<oci::Descriptor>& entries, const std::string& label) {
  return nest(index(entries), label);
}

void ShapeMaker::leave_out() {
  for (std::size_t at = shape_.parts.size() - added_; at < shape_.parts.size(); ++at) shape_.parts[at].pushed = false;
}

void ShapeMaker::leave_out_manifest() {
  shape_.parts.back().pushed = false;
}

Shape ShapeMaker::with(const oci::Content& root) {
  shape_.parts.push_back({root, "root", false, true});
  return std::move(shape_);
}

Shape ShapeMaker::with(const std::vector<oci::Descriptor>& entries) {
  return with(index(entries));
}

Shape ShapeMaker::alone() {
  return std::move(shape_);
}

ShapeMaker& ShapeMaker::by_digest() {
  shape_.by_digest = true;
  return *this;
}

ShapeMaker& ShapeMaker::full() {
  shape_.full = true;
  return *this;
}

ShapeMaker& ShapeMaker::open() {
  shape_.open = true;
  return *this;
}

ShapeMaker& ShapeMaker::sparse() {
  shape_.sparse = true;
  return *this;
}

ShapeMaker& ShapeMaker::may_refuse() {
  shape_.may_refuse = true;
  return *this;
}

oci::Content ShapeMaker::index(const std::vector<oci::Descriptor>& entries) {
  oci::IndexBuilder builder;
  for (const auto& entry : entries) builder.manifest(entry);
  return builder.build();
}

std::vector<Shape> shapes(std::uint64_t seed, const oci::Platform& platform, const Wanted& wanted) {
  Shapes all;
  add_images(all, seed, platform);
  add_flat_indexes(all, seed, platform);
  add_nested_indexes(all, seed, platform);
  add_artifact_entries(all, seed, platform);
  add_unknown_things(all, seed, platform);
  add_proposals(all, seed, platform);
  std::erase_if(all, [&](const Shape& shape) { return !wanted(shape.id, shape.full); });
  add_large_things(all, seed, platform, wanted);
  return all;
}

std::vector<Shape> shapes(std::uint64_t seed, const oci::Platform& platform) {
  return shapes(seed, platform, [](const std::string& /*id*/, bool /*full*/) { return true; });
}

}  // namespace referee::suites::matrix
