#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "client_impl.hpp"
#include "origin.hpp"
#include "redirect.hpp"
#include "request_check.hpp"
#include "throttle.hpp"

/// Many requests in flight at once.
namespace referee::http {

void Client::Impl::launch(Fleet& fleet, Flight flight) {
  const bool recorded = on_tape(flight.request);
  if (recorded) flight.request.room = nullptr;  // a recording sees what comes
  if (recorded && options.replay) return flight.landed(played(flight.request));
  const auto airborne = std::make_shared<Airborne>();
  if (recorded) airborne->take = std::make_unique<Take>(*options.record, redactor, flight.request);
  airborne->flight = std::move(flight);
  const auto& request = airborne->flight.request;
  if (auto wrong = check_request(request)) return airborne->land(tl::unexpected(std::move(*wrong)));
  if (auto late = too_late()) return airborne->land(tl::unexpected(std::move(*late)));
  auto wire_request = on_wire(request);
  wire_request.deadline = limit();
  const bool trusted = request.authenticate && !request.headers.has("Authorization");
  if (const auto origin = parse_origin(request.url); trusted && origin) {
    if (const auto known = authenticator.known(*origin, request.scopes)) {
      wire_request.headers.set("Authorization", *known);
    }
  }
  fly_on(fleet, std::move(wire_request), airborne, Purpose::kRequest, 0);
}

void Client::Impl::fly_on(Fleet& fleet, WireRequest request, const std::shared_ptr<Airborne>& airborne, Purpose purpose,
                          int redirects) {
  fleet.launch(std::move(request),
               [this, &fleet, airborne, purpose, redirects](const WireRequest& sent, WireResult result, bool lost) {
                 if (result.error) result.error->message = redactor.text(result.error->message);
                 result.response.exchange = recorder.record(sent, result, purpose);
                 ++airborne->exchanges;
                 airborne->status = result.response.status;
                 const auto& original = airborne->flight.request;
                 // What needs thought or patience goes the careful way, and starts over.
                 const bool refused = !result.error && result.response.status == 401 && original.authenticate;
                 const bool wait = !result.error && original.retry && throttled(result.response);
                 Budget budget;
                 if (wait) {
                   auto error = wait_out(result.response, authority(sent.url), budget);
                   if (error) return airborne->land(tl::unexpected(std::move(*error)));
                 }
                 if ((lost && is_safe(original.method)) || refused || wait) {
                   const auto before = spent_by_thread().exchanges;
                   auto again = send(original, Purpose::kRetry, budget.retries);
                   airborne->exchanges += spent_by_thread().exchanges - before;
                   airborne->status = spent_by_thread().status;
                   return airborne->land(std::move(again));
                 }
                 if (result.error) return airborne->land(tl::unexpected(std::move(*result.error)));
                 if (!original.follow_redirects || !is_redirect(result.response))
                   return airborne->land(std::move(result.response));
                 if (redirects >= options.max_redirects) {
                   return airborne->land(tl::unexpected(
                       Error{ErrorKind::kRedirect, fmt::format("{} redirects more than {} times",
                                                               authority(original.url), options.max_redirects)}));
                 }
                 auto next = follow(sent, result.response);
                 if (!next) return airborne->land(tl::unexpected(next.error()));
                 fly_on(fleet, std::move(*next), airborne, Purpose::kRedirect, redirects + 1);
               });
}

void Client::Impl::fly(std::size_t most, const std::function<std::optional<Flight>()>& next) {
  std::unique_ptr<Fleet> fleet;
  {
    const std::lock_guard lock(fleets_mutex);
    if (!fleets.empty()) {
      fleet = std::move(fleets.back());
      fleets.pop_back();
    }
  }
  if (!fleet) fleet = std::make_unique<Fleet>(options);
  most = std::max<std::size_t>(most, 1);
  fleet->limit_connections(most);
  for (;;) {
    while (fleet->in_flight() < most) {
      auto flight = next();
      if (!flight) break;
      launch(*fleet, std::move(*flight));
    }
    if (fleet->in_flight() == 0) break;
    fleet->turn();
  }
  const std::lock_guard lock(fleets_mutex);
  fleets.push_back(std::move(fleet));
}

/// A single one: the way that reads into a room is a flight's.
Result Client::Impl::flown(const Request& request) {
  Result answer = tl::unexpected(Error{});
  std::optional<Flight> left = Flight{request, [&answer](Result result) { answer = std::move(result); }};
  fly(1, [&left] { return std::exchange(left, std::nullopt); });
  return answer;
}

}  // namespace referee::http
