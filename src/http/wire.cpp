#include "wire.hpp"

#include <curl/curl.h>

#include <csignal>
#include <memory>
#include <mutex>
#include <set>
#include <vector>

#include "referee/http/url.hpp"
#include "wire_slot.hpp"

namespace referee::http {
namespace {

void prepare_process() {
  static const bool done = [] {
    curl_global_init(CURL_GLOBAL_DEFAULT);
    // OpenSSL writes without MSG_NOSIGNAL: a peer that closes early would otherwise end the program.
    struct sigaction current{};
    if (sigaction(SIGPIPE, nullptr, &current) == 0 && current.sa_handler == SIG_DFL) {
      current.sa_handler = SIG_IGN;
      sigaction(SIGPIPE, &current, nullptr);
    }
    return true;
  }();
  static_cast<void>(done);
}

}  // namespace

struct Wire::Pool {
  static constexpr std::size_t kMostIdle = 64;

  std::mutex mutex;
  std::vector<std::unique_ptr<WireSlot>> idle;

  /// The slot used last, since its connections are the freshest; null when all are busy.
  std::unique_ptr<WireSlot> take() {
    const std::lock_guard lock(mutex);
    if (idle.empty()) return nullptr;
    auto slot = std::move(idle.back());
    idle.pop_back();
    return slot;
  }

  void give(std::unique_ptr<WireSlot> slot) {
    const std::lock_guard lock(mutex);
    if (idle.size() < kMostIdle) idle.push_back(std::move(slot));
  }

  std::set<std::string, std::less<>> forgetful;  ///< authorities that closed a kept connection without a word

  bool is_forgetful(std::string_view peer) {
    const std::lock_guard lock(mutex);
    return forgetful.contains(peer);
  }

  void remember(const std::string& peer) {
    constexpr std::size_t kMost = 1000;
    const std::lock_guard lock(mutex);
    if (forgetful.size() < kMost) forgetful.insert(peer);
  }
};

bool is_safe(std::string_view method) {
  return method == "GET" || method == "HEAD" || method == "OPTIONS";
}

Wire::Wire(const ClientOptions& options) : options_(options), pool_(std::make_unique<Pool>()) {
  prepare_process();
}

Wire::~Wire() = default;

WireResult Wire::perform(const WireRequest& request, bool fresh) {
  auto slot = pool_->take();
  if (!slot) slot = std::make_unique<WireSlot>(options_);
  // What is not safe is not risked on a kept connection where one was closed before.
  const auto peer = authority(request.url);
  WireResult result = slot->perform(request, fresh || (!is_safe(request.method) && pool_->is_forgetful(peer)));
  if (result.lost) pool_->remember(peer);
  pool_->give(std::move(slot));
  return result;
}

}  // namespace referee::http
