#include <algorithm>
#include <map>
#include <set>

#include "error_code.hpp"
#include "paths.hpp"
#include "referee/distribution/journal.hpp"
#include "referee/distribution/registry.hpp"
#include "referee/http/url.hpp"

namespace referee::distribution {
namespace {

constexpr int kMostTransportErrors = 3;

std::string node_path(const JournalEntry& entry) {
  return "/v3/" + encode_name(entry.repository) + "/manifests/" + encode_reference(entry.reference);
}

class Cleaner {
 public:
  explicit Cleaner(Registry& registry) : registry_(registry) {}

  CleanupReport run(const std::vector<JournalEntry>& entries) {
    std::map<Pushed, std::vector<JournalEntry>> kinds;
    for (const JournalEntry& entry : entries) {
      if (entry.registry == registry_.base()) {
        kinds[entry.kind].push_back(entry);
      } else {
        leave(entry, "it lies in another registry");
      }
    }
    // What refers goes before what it refers to, or registries that keep references whole refuse.
    std::reverse(kinds[Pushed::kManifest].begin(), kinds[Pushed::kManifest].end());
    std::reverse(kinds[Pushed::kNode].begin(), kinds[Pushed::kNode].end());
    for (const Pushed kind : {Pushed::kUpload, Pushed::kTag, Pushed::kNode, Pushed::kManifest, Pushed::kBlob}) {
      for (const JournalEntry& entry : kinds[kind]) remove(entry);
    }
    drop_tags_that_went_with_their_manifest();
    return std::move(report_);
  }

 private:
  using Place = std::pair<Pushed, std::string>;

  Result ask(const JournalEntry& entry) {
    if (entry.kind == Pushed::kUpload) return cancel(entry.reference);
    if (entry.kind == Pushed::kBlob) return registry_.delete_blob(entry.repository, entry.reference);
    if (entry.kind == Pushed::kNode) return registry_.request("DELETE", node_path(entry));
    return registry_.delete_manifest(entry.repository, entry.reference);
  }

  /// The journal knows where the session was opened; some registries want the address of its latest answer.
  Result cancel(const std::string& location) {
    Result result = registry_.cancel_upload(location);
    if (!result || result->status < 400 || result->status == 404 || result->status == 405) return result;
    const Result status = registry_.upload_status(location);
    const auto latest = status && status->status < 300 ? status->header("Location") : std::nullopt;
    if (!latest) return result;
    return registry_.cancel_upload(http::resolve(status->url, *latest));
  }

  Result look_at(const JournalEntry& entry) {
    if (entry.kind == Pushed::kUpload) return registry_.upload_status(entry.reference);
    if (entry.kind == Pushed::kBlob) return registry_.head_blob(entry.repository, entry.reference);
    if (entry.kind == Pushed::kNode) return registry_.request("HEAD", node_path(entry));
    return registry_.head_manifest(entry.repository, entry.reference);
  }

  static bool is_impossible(const JournalEntry& entry) {
    if (entry.kind == Pushed::kUpload) return false;
    return !oci::Digest::parse(entry.reference) && (entry.kind != Pushed::kTag || !is_tag(entry.reference));
  }

  bool is_gone(const JournalEntry& entry) {
    if (!out_of_reach_.empty()) return false;
    const Result result = look_at(entry);
    if (!result) count_error(result.error());
    // A name that no content can have may be refused as such, whatever is asked about it.
    return result && (result->status == 404 || (result->status >= 400 && is_impossible(entry)));
  }

  void remove(const JournalEntry& entry) {
    if (!out_of_reach_.empty()) return leave(entry, out_of_reach_);
    const Place place{entry.kind, entry.repository};
    if (const auto refused = refused_.find(place); refused != refused_.end()) return give_up(entry, refused->second);
    const Result result = ask(entry);
    if (!result) return fail(entry, result.error());
    transport_errors_ = 0;
    if (result->status >= 200 && result->status < 300) {
      ++report_.removed;
      if (entry.kind == Pushed::kManifest) deleted_manifests_in_.insert(entry.repository);
    } else if (result->status == 404) {
      ++report_.already_gone;
      if (entry.kind == Pushed::kManifest) deleted_manifests_in_.insert(entry.repository);
    } else {
      const std::string code = error_code(*result);
      const std::string reason = status_and_code(*result);
      if (speaks_for_the_kind(entry, result->status, code)) {
        refused_.emplace(place, reason);
        give_up(entry, reason);
      } else if (is_gone(entry)) {  // some registries fail on what is not there
        ++report_.already_gone;
      } else {
        keep_refused(entry, reason);
      }
    }
  }

  /// Whether an answer means that nothing of this kind can be deleted here, rather than not this one.
  static bool speaks_for_the_kind(const JournalEntry& entry, int status, std::string_view code) {
    if (status == 405) return true;
    if (status != 400) return false;
    // A tag that is taken for a malformed digest: only digests can be deleted.
    if (entry.kind == Pushed::kTag && code == "DIGEST_INVALID") return is_tag(entry.reference);
    if (!code.empty() && code != "UNSUPPORTED") return false;
    if (entry.kind == Pushed::kUpload) return true;
    if (entry.kind == Pushed::kTag) return is_tag(entry.reference);
    const auto digest = oci::Digest::parse(entry.reference);
    return digest && digest->algorithm() == oci::Algorithm::kSha256;
  }

  void give_up(const JournalEntry& entry, const std::string& reason) {
    // Most journaled sessions were finished long ago and only their end was not noted.
    if (entry.kind == Pushed::kUpload && is_gone(entry)) {
      ++report_.already_gone;
      return;
    }
    keep_refused(entry, reason);
  }

  void fail(const JournalEntry& entry, const http::Error& error) {
    leave(entry, error.message);
    count_error(error);
  }

  void count_error(const http::Error& error) {
    using http::ErrorKind;
    const bool final =
        error.kind == ErrorKind::kResolve || error.kind == ErrorKind::kConnect || error.kind == ErrorKind::kTls;
    if (final || ++transport_errors_ >= kMostTransportErrors) out_of_reach_ = error.message;
  }

  void leave(const JournalEntry& entry, std::string reason) {
    report_.left.push_back({entry, std::move(reason), false});
  }
  void keep_refused(const JournalEntry& entry, std::string reason) {
    report_.left.push_back({entry, std::move(reason), true});
  }

  void drop_tags_that_went_with_their_manifest() {
    const auto went = [this](const Leftover& item) {
      return item.entry.kind == Pushed::kTag && deleted_manifests_in_.contains(item.entry.repository) &&
             is_gone(item.entry);
    };
    report_.already_gone += std::erase_if(report_.left, went);
  }

  Registry& registry_;
  CleanupReport report_;
  std::map<Place, std::string> refused_;
  std::set<std::string> deleted_manifests_in_;
  std::string out_of_reach_;
  int transport_errors_ = 0;
};

}  // namespace

CleanupReport cleanup(Registry& registry, const std::vector<JournalEntry>& entries) {
  return Cleaner(registry).run(entries);
}

}  // namespace referee::distribution
