#include "stand.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace referee::suites::benchmarks {
namespace {

using proposals::FailureKind;

constexpr const char* kTag = "v1";
constexpr std::size_t kGridLayer = std::size_t{64} * 1024;

tl::unexpected<Absent> absent(const proposals::Failure& failure) {
  const bool limit = failure.kind == FailureKind::kLimit || failure.kind == FailureKind::kUnsupported;
  return tl::unexpected(Absent{limit, failure.message});
}

}  // namespace

Stands::Stands(Grounds& grounds)
    : grounds_(grounds), image_(image_of(grounds.options().seed, "grid", kTag, kGridLayer)) {}

Stands::Key Stands::key_of(const Cell& cell) {
  return {cell.variant->id, cell.count, cell.inlined, cell.operation == Operation::kAttach};
}

std::string Stands::purpose_of(const Cell& cell) {
  return fmt::format("grid-{}{}{}", cell.count, cell.inlined ? "-inlined" : "",
                     cell.operation == Operation::kAttach ? "-attach" : "");
}

std::vector<proposals::Attachment> Stands::attachments(std::size_t count, std::size_t first) {
  const auto end = first + count;
  if (signatures_.size() < end) {
    auto more = signatures(seed(), image_.subject.descriptor.digest, end - signatures_.size(), signatures_.size());
    signatures_.insert(signatures_.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
  }
  return {signatures_.begin() + static_cast<std::ptrdiff_t>(first),
          signatures_.begin() + static_cast<std::ptrdiff_t>(end)};
}

tl::expected<std::unique_ptr<Stand>, Absent> Stands::make(const Cell& cell) {
  proposals::Settings settings;
  settings.inlined = cell.inlined;
  auto client = grounds_.client(*cell.variant, purpose_of(cell), settings);
  if (!client) return tl::unexpected(Absent{false, client.error()});
  if (!client->support.present) return tl::unexpected(Absent{true, client->support.evidence});
  auto stand = std::make_unique<Stand>();
  stand->client = std::move(*client);
  if (auto pushed = push(stand->client, image_); !pushed) return tl::unexpected(Absent{false, pushed.error()});
  stand->subject = image_.subject;
  stand->count = cell.count;
  stand->image_blobs = image_.package.blobs.size();
  auto& proposal = *stand->client.proposal;
  if (cell.count > 0) {
    if (auto done = proposal.attach(stand->subject, attachments(cell.count)); !done) return absent(done.error());
  }
  const auto before = stand->client.wire->cost();
  const auto found = proposal.discover(stand->subject, {std::string(attachments(1).front().artifact_type), "sig"});
  if (!found) return absent(found.error());
  if (found->size() != cell.count) {
    // It enters the tags of a repository in the middle, which not every registry can do.
    const std::string_view doubt = cell.variant->id == "D/digest-tag"
                                       ? " (do tags/list pages begin right after a `last` that is no tag? the check "
                                         "oci-1.1/tags/last-absent shows it)"
                                       : "";
    return tl::unexpected(
        Absent{false, fmt::format("{} were attached, and {} are found{}", cell.count, found->size(), doubt)});
  }
  const auto discovery = stand->client.wire->cost() - before;
  stand->discovery = discovery.requests;
  stand->discovery_bytes = discovery.bytes_down;
  stand->sized = cell.variant->id != "C" && cell.variant->id != "D/digest-tag";
  for (const auto& entry : *found)
    stand->manifest_bytes += static_cast<std::uint64_t>(std::max<std::int64_t>(entry.descriptor.size, 0));
  for (const auto& one : attachments(cell.count)) stand->payload_bytes += one.payload.bytes().size();
  // Without a type to look for, no manifest is read only to learn it.
  const auto between = stand->client.wire->cost();
  if (const auto all = proposal.discover(stand->subject, {}); !all) return absent(all.error());
  stand->listing = std::min(stand->discovery, (stand->client.wire->cost() - between).requests);
  return stand;
}

tl::expected<Stand*, Absent> Stands::stand(const Cell& cell) {
  const auto key = key_of(cell);
  auto found = stands_.find(key);
  if (found == stands_.end()) found = stands_.emplace(key, make(cell)).first;
  if (!found->second) return tl::unexpected(found->second.error());
  return found->second->get();
}

tl::expected<Client*, Absent> Stands::client(const Cell& cell) {
  const auto there = stand(cell);
  if (!there) return tl::unexpected(there.error());
  if (cell.round_trip.count() == 0) return &(*there)->client;
  auto& client = clients_[{key_of(cell), cell.round_trip.count()}];
  if (client == nullptr) {
    proposals::Settings settings;
    settings.inlined = cell.inlined;
    auto made = grounds_.client(*cell.variant, purpose_of(cell), settings, cell.round_trip);
    if (!made) return tl::unexpected(Absent{false, made.error()});
    client = std::make_unique<Client>(std::move(*made));
  }
  return client.get();
}

tl::expected<Client, Absent> Stands::elsewhere(const Cell& cell) {
  proposals::Settings settings;
  settings.inlined = cell.inlined;
  auto made = grounds_.client(*cell.variant, fmt::format("grid-copy-{}", others_++), settings, cell.round_trip);
  if (!made) return tl::unexpected(Absent{false, made.error()});
  return std::move(*made);
}

}  // namespace referee::suites::benchmarks
