#include "referee/oci/layout.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "folder.hpp"
#include "referee/oci/json_depth.hpp"
#include "referee/oci/media_types.hpp"

namespace referee::oci {
namespace {

namespace fs = std::filesystem;
using Ordered = nlohmann::ordered_json;

constexpr std::uint64_t kMostVersion = 64ULL << 10U;

tl::unexpected<LayoutError> layout_error(LayoutErrorKind kind, std::string message) {
  return tl::unexpected(LayoutError{kind, std::move(message)});
}

LayoutResult<void> check_version(const Folder& folder) {
  const auto file = folder.path() + "/oci-layout";
  const auto text = folder.read("oci-layout", kMostVersion);
  if (!text && text.error().kind != LayoutErrorKind::kTooLarge) return tl::unexpected(text.error());
  if (text && !text->has_value()) {
    return layout_error(LayoutErrorKind::kNotALayout,
                        folder.path() + " is no OCI image layout: it has no oci-layout file");
  }
  const auto content = text ? text->value_or("") : std::string();
  const auto json = is_deeper_than(content, kDeepestJson) ? Ordered(Ordered::value_t::discarded)
                                                          : Ordered::parse(content, nullptr, false);
  if (!json.is_object() || !json.contains("imageLayoutVersion") || !json["imageLayoutVersion"].is_string()) {
    return layout_error(LayoutErrorKind::kNotALayout, file + " is not readable as an oci-layout file");
  }
  const auto version = json["imageLayoutVersion"].get<std::string>();
  if (version == kLayoutVersion) return {};
  return layout_error(LayoutErrorKind::kForeignVersion,
                      fmt::format("{} says version {}, not {}", file, version.substr(0, 20), kLayoutVersion));
}

/// The document in its own order, with a list `manifests`.
LayoutResult<Ordered> parse_index(const std::string& file, const std::string& text) {
  auto json =
      is_deeper_than(text, kDeepestJson) ? Ordered(Ordered::value_t::discarded) : Ordered::parse(text, nullptr, false);
  if (!json.is_object() || !json.contains("manifests") || !json["manifests"].is_array()) {
    return layout_error(LayoutErrorKind::kDamaged, file + " is not readable as an image index");
  }
  return json;
}

LayoutResult<std::vector<Descriptor>> descriptors_of(const std::string& file, const Ordered& index) {
  std::vector<Descriptor> all;
  for (const auto& entry : index["manifests"]) {
    auto descriptor = descriptor_from_json(nlohmann::json(entry));
    if (!descriptor) {
      return layout_error(LayoutErrorKind::kDamaged,
                          fmt::format("{}: entry {}: {}", file, all.size() + 1, descriptor.error()));
    }
    all.push_back(std::move(*descriptor));
  }
  return all;
}

/// index.json as a document, and what it lists.
struct OpenIndex {
  Ordered document;
  std::vector<Descriptor> entries;
};

LayoutResult<OpenIndex> open_index(const std::string& folder, const LayoutResult<std::string>& text) {
  if (!text) return tl::unexpected(text.error());
  const auto file = folder + "/index.json";
  auto document = parse_index(file, *text);
  if (!document) return tl::unexpected(document.error());
  auto entries = descriptors_of(file, *document);
  if (!entries) return tl::unexpected(entries.error());
  return OpenIndex{std::move(*document), std::move(*entries)};
}

LayoutResult<Digest> parse_digest(std::string_view text) {
  auto digest = Digest::parse(text);
  if (digest) return *digest;
  return layout_error(LayoutErrorKind::kDamaged,
                      fmt::format("\"{}\" is no digest: {}", text.substr(0, 150), digest.error()));
}

/// The characters of a digest that was parsed are safe in a path.
std::string blob_file(const Digest& digest) {
  return fmt::format("blobs/{}/{}", name(digest.algorithm()), digest.encoded());
}

std::string index_bytes(const Ordered& index) {
  return index.dump(-1, ' ', false, Ordered::error_handler_t::replace) + "\n";
}

}  // namespace

std::string ref_name(const Descriptor& entry) {
  const auto found = entry.annotations.find(std::string(kRefName));
  return found == entry.annotations.end() ? std::string() : found->second;
}

LayoutResult<void> check_layout_version(const std::string& folder) {
  const auto opened = Folder::open(folder);
  if (!opened) return tl::unexpected(opened.error());
  return check_version(*opened);
}

Layout::Layout(std::shared_ptr<const Folder> folder)
    : folder_(std::move(folder)), opened_(std::make_shared<std::uint64_t>(0)) {}

const std::string& Layout::path() const {
  return folder_->path();
}

LayoutResult<Layout> Layout::create(const std::string& folder) {
  std::error_code error;
  fs::create_directories(folder, error);
  auto opened = Folder::open(folder);
  if (!opened) return tl::unexpected(opened.error());
  if (!fs::is_empty(folder, error) || error) {
    return layout_error(LayoutErrorKind::kNotALayout, folder + " is not empty: a new layout needs a new folder");
  }
  auto root = std::make_shared<const Folder>(std::move(*opened));
  const Ordered index{{"schemaVersion", 2}, {"mediaType", media_type::kIndex}, {"manifests", Ordered::array()}};
  const Ordered version{{"imageLayoutVersion", kLayoutVersion}};
  auto made = root->make_folder("blobs/sha256");
  if (made) made = root->replace("index.json", index_bytes(index));
  // Last, for it says that the rest is there.
  if (made) made = root->replace("oci-layout", version.dump() + "\n");
  if (!made) return tl::unexpected(made.error());
  return Layout(std::move(root));
}

LayoutResult<Layout> Layout::open(const std::string& folder) {
  auto opened = Folder::open(folder);
  if (!opened) return tl::unexpected(opened.error());
  if (auto right = check_version(*opened); !right) return tl::unexpected(right.error());
  const auto index = opened->size_of("index.json");
  if (!index) return tl::unexpected(index.error());
  std::error_code error;
  const auto blobs = fs::symlink_status(fs::path(folder) / "blobs", error);
  if (!index->has_value() || blobs.type() == fs::file_type::not_found) {
    return layout_error(LayoutErrorKind::kNotALayout, fmt::format("{} is no OCI image layout: it has no {}", folder,
                                                                  index->has_value() ? "blobs folder" : "index.json"));
  }
  return Layout(std::make_shared<const Folder>(std::move(*opened)));
}

LayoutResult<void> Layout::put(const Content& content) const {
  return folder_->replace(blob_file(content.digest()), content.bytes());
}

LayoutResult<void> Layout::put(const Descriptor& expected, std::string_view bytes) const {
  const auto digest = parse_digest(expected.digest);
  if (!digest) return tl::unexpected(digest.error());
  if (expected.size != static_cast<std::int64_t>(bytes.size()) || Digest::of(bytes, digest->algorithm()) != *digest) {
    return layout_error(LayoutErrorKind::kDamaged,
                        fmt::format("{} bytes for {}, which are not those that its descriptor names: not written",
                                    bytes.size(), expected.digest));
  }
  return folder_->replace(blob_file(*digest), bytes);
}

LayoutResult<Content> Layout::get(const Descriptor& descriptor, std::uint64_t most) const {
  const auto digest = parse_digest(descriptor.digest);
  if (!digest) return tl::unexpected(digest.error());
  const auto file = blob_file(*digest);
  auto read = folder_->read(file, most);
  if (!read) return tl::unexpected(read.error());
  if (!read->has_value()) {
    return layout_error(LayoutErrorKind::kMissing, fmt::format("{}/{} is missing", path(), file));
  }
  ++*opened_;
  Content content(descriptor.media_type, std::move(*read).value_or(""), digest->algorithm());
  if (content.size() != descriptor.size) {
    return layout_error(LayoutErrorKind::kDamaged, fmt::format("{}/{} has {} bytes, its descriptor says {}", path(),
                                                               file, content.size(), descriptor.size));
  }
  if (content.digest() != *digest) {
    return layout_error(LayoutErrorKind::kDamaged, fmt::format("{}/{} is damaged: its bytes have digest {}", path(),
                                                               file, content.digest().str()));
  }
  return content;
}

bool Layout::has(std::string_view digest) const {
  const auto parsed = Digest::parse(digest);
  if (!parsed) return false;
  const auto size = folder_->size_of(blob_file(*parsed));
  return size && size->has_value();
}

LayoutResult<std::string> Layout::index_text() const {
  auto text = folder_->read("index.json", kMostIndex);
  if (!text) return tl::unexpected(text.error());
  if (!text->has_value()) return layout_error(LayoutErrorKind::kNotALayout, path() + "/index.json is missing");
  ++*opened_;
  return std::move(*text).value_or("");
}

LayoutResult<std::vector<Descriptor>> Layout::entries() const {
  auto index = open_index(path(), index_text());
  if (!index) return tl::unexpected(index.error());
  return std::move(index->entries);
}

LayoutResult<void> Layout::add(const Descriptor& entry) const {
  auto index = open_index(path(), index_text());
  if (!index) return tl::unexpected(index.error());
  const auto& before = index->entries;
  const auto name = ref_name(entry);
  auto& list = index->document["manifests"];
  bool placed = false;
  for (std::size_t i = 0; i < before.size(); ++i) {
    if (ref_name(before[i]) != name) continue;
    if (before[i].digest == entry.digest) {
      list[i] = to_json(entry);
      placed = true;
    } else if (!name.empty()) {
      list[i]["annotations"].erase(std::string(kRefName));
    }
  }
  if (!placed) list.push_back(to_json(entry));
  return folder_->replace("index.json", index_bytes(index->document));
}

LayoutResult<std::size_t> Layout::remove(const std::function<bool(const Descriptor&)>& which) const {
  auto index = open_index(path(), index_text());
  if (!index) return tl::unexpected(index.error());
  const auto& before = index->entries;
  auto kept = Ordered::array();
  for (std::size_t i = 0; i < before.size(); ++i) {
    if (!which(before[i])) kept.push_back(std::move(index->document["manifests"][i]));
  }
  const auto removed = before.size() - kept.size();
  if (removed == 0) return removed;
  index->document["manifests"] = std::move(kept);
  if (auto written = folder_->replace("index.json", index_bytes(index->document)); !written) {
    return tl::unexpected(written.error());
  }
  return removed;
}

}  // namespace referee::oci
