#include "store_wire.hpp"

#include <set>

namespace referee::suites::benchmarks {

void StoreWire::note(const std::string& digest, std::size_t size) {
  if (sizes_.emplace(digest, size).second) stored_ += size;
}

void StoreWire::forget() {
  sizes_.clear();
  tags_.clear();
  tagged_.clear();
  stored_ = 0;
}

proposals::Outcome<http::Response> StoreWire::put_manifest(std::string_view reference, const oci::Content& manifest,
                                                           const Options& options, Statuses fine) {
  auto answer = Wire::put_manifest(reference, manifest, options, fine);
  if (!answer || answer->status != 201) return answer;
  const auto digest = manifest.digest().str();
  note(digest, manifest.bytes().size());
  if (reference.find(':') == std::string_view::npos) {
    tags_[std::string(reference)] = digest;
    tagged_[digest] = manifest.bytes().size();
  }
  return answer;
}

proposals::Outcome<void> StoreWire::push_blob(const oci::Content& blob) {
  auto pushed = Wire::push_blob(blob);
  if (pushed) note(blob.digest().str(), blob.bytes().size());
  return pushed;
}

proposals::Outcome<http::Response> StoreWire::request(std::string method, std::string_view path, std::string_view body,
                                                      const Options& options, Statuses fine) {
  const bool stores = method == "PUT";
  auto answer = Wire::request(std::move(method), path, body, options, fine);
  // Proposal C has an address of its own for manifests.
  if (stores && answer && answer->status == 201) note(oci::Digest::of(body).str(), body.size());
  return answer;
}

std::uint64_t StoreWire::superseded() const {
  std::set<std::string> current;
  for (const auto& [tag, digest] : tags_) current.insert(digest);
  std::uint64_t sum = 0;
  for (const auto& [digest, size] : tagged_) {
    if (!current.contains(digest)) sum += size;
  }
  return sum;
}

}  // namespace referee::suites::benchmarks
