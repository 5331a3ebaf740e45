#include "pull.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace referee::suites::matrix {
namespace {

/// As it comes back from JSON: bytes that are no text have become others.
std::string as_text(const std::string& bytes) {
  using nlohmann::json;
  return json::parse(json(bytes).dump(-1, ' ', false, json::error_handler_t::replace)).get<std::string>();
}

void replace(std::string& text, const std::string& what, const char* with) {
  if (what.empty()) return;
  for (auto found = text.find(what); found != std::string::npos; found = text.find(what)) {
    text.replace(found, what.size(), with);
  }
}

}  // namespace

std::vector<std::string> Pull::blobs() const {
  std::vector<std::string> all;
  for (const auto& request : requests) {
    const auto at = request.target.find("/blobs/sha");
    if (request.method != "GET" || request.status >= 400 || at == std::string::npos) continue;
    auto digest = request.target.substr(at + 7);
    if (std::ranges::find(all, digest) == all.end()) all.push_back(std::move(digest));
  }
  return all;
}

Pull seen(const runtimes::PullResult& result, const Traffic& traffic, const std::string& folder,
          const std::string& registry) {
  Pull pull;
  pull.exit_code = result.pull.exit_code;
  pull.timed_out = result.pull.timed_out;
  if (!result.pull.ok()) pull.words = result.pull.words();
  for (const auto& digest : result.digests) pull.digests.push_back(as_text(digest));
  pull.unreadable = result.unreadable;
  pull.unread = result.unread;
  if (result.create) pull.create = result.create->ok() ? "created" : result.create->words();
  for (auto* text : {&pull.words, &pull.unreadable, &pull.create}) {
    replace(*text, folder, "DIR");
    replace(*text, registry, "REGISTRY");
    *text = as_text(*text);
  }
  for (const auto& record : traffic.requests) {
    if (pull.requests.size() == Pull::kMostRequests) break;
    pull.requests.push_back({as_text(record.method), as_text(record.target), record.status});
  }
  pull.all_requests = traffic.requests.size();
  pull.bytes = traffic.bytes;
  pull.seconds = result.pull.seconds;
  return pull;
}

}  // namespace referee::suites::matrix
