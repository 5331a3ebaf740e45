#include "wire_slot.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <new>

#include "referee/http/url.hpp"

namespace referee::http {

using std::chrono::duration_cast;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

WireSlot::WireSlot(const ClientOptions& options) : options_(options), multi_(curl_multi_init()), easy_(options) {
  if (!multi_) throw std::bad_alloc();
}

std::optional<Error> WireSlot::drive(Transfer& transfer, std::string_view authority) {
  CURLM* multi = multi_.get();
  int running = 1;
  while (true) {
    curl_multi_perform(multi, &running);
    if (running == 0) break;
    const auto now = steady_clock::now();
    easy_.watch_connection(transfer, now);
    if (const auto why = transfer.expired(now); !why.empty()) {
      return Error{ErrorKind::kTimeout, fmt::format("{} {}{}", why, transfer.peer(authority), easy_.doubt(transfer))};
    }
    if (options_.cancelled && options_.cancelled()) {
      return Error{ErrorKind::kTimeout, fmt::format("cancelled during the exchange with {}", authority)};
    }
    const milliseconds longest{options_.cancelled ? 100 : 1000};
    const auto wait = duration_cast<milliseconds>(transfer.next_limit() - now) + milliseconds(1);
    curl_multi_poll(multi, nullptr, 0, static_cast<int>(std::clamp(wait, milliseconds(0), longest).count()), nullptr);
  }
  CURLcode code = CURLE_OK;
  int left = 0;
  while (const CURLMsg* message = curl_multi_info_read(multi, &left)) {
    if (message->msg == CURLMSG_DONE) code = message->data.result;
  }
  return easy_.outcome(code, transfer, authority);
}

WireResult WireSlot::perform(const WireRequest& request, bool fresh) {
  Transfer transfer(options_, request);
  easy_.configure(request, fresh);
  transfer.attach(easy_.get());
  curl_multi_add_handle(multi_.get(), easy_.get());
  auto error = drive(transfer, authority(request.url));
  auto result = easy_.finish(transfer, request, std::move(error));
  curl_multi_remove_handle(multi_.get(), easy_.get());
  return result;
}

}  // namespace referee::http
