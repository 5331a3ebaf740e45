#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "authenticator.hpp"
#include "fleet.hpp"
#include "recorder.hpp"
#include "redactor.hpp"
#include "referee/http/client.hpp"
#include "referee/http/recording.hpp"
#include "referee/http/url.hpp"
#include "taping.hpp"
#include "wire.hpp"

namespace referee::http {

/// What the calling thread has done so far, with any client: what one call did is a difference.
struct Spent {
  std::size_t exchanges = 0;
  int status = 0;  ///< of the last one
};

Spent& spent_by_thread();

struct Client::Impl {
  /// What one call of send() may still spend.
  struct Budget {
    bool retry = true;
    int retries = 0;
  };

  explicit Impl(ClientOptions given)
      : options(std::move(given)),
        clock(options.clock ? *options.clock : system_clock()),
        recorder(options.sink, redactor),
        authenticator(options.credentials, clock, redactor),
        wire(options) {}

  /// A flight, what it has cost so far, and how it is recorded.
  struct Airborne {
    Flight flight;
    std::size_t exchanges = 0;
    int status = 0;  ///< of the last exchange
    std::unique_ptr<Take> take;

    void land(Result result) const {
      if (take) take->answered(result, exchanges, status);
      flight.landed(std::move(result));
    }
  };

  Result taped(const Request& request);
  Result played(const Request& request);
  Result send(const Request& request, Purpose purpose, int retries = 0);
  void fly(std::size_t most, const std::function<std::optional<Flight>()>& next);
  Result flown(const Request& request);
  void launch(Fleet& fleet, Flight flight);
  void fly_on(Fleet& fleet, WireRequest request, const std::shared_ptr<Airborne>& flight, Purpose purpose,
              int redirects);
  Result authenticated(WireRequest& request, const Request& original, const Origin* origin, Purpose purpose,
                       Budget& budget);
  Result patient(WireRequest& request, Purpose purpose, Budget& budget);
  Result exchange(WireRequest& request, Purpose purpose);
  /// Why nothing is sent any more.
  std::optional<Error> too_late();
  /// Waits as long as a 429 or 503 asks for; an error if that is too long or too often.
  std::optional<Error> wait_out(const Response& refused, const std::string& host, Budget& budget);
  void pause(std::chrono::milliseconds delay);
  Result token(WireRequest request);

  [[nodiscard]] WireRequest on_wire(const Request& request) const;
  /// Whether what goes there is recorded or comes from a recording.
  [[nodiscard]] bool on_tape(const Request& request) {
    if (!options.record && !options.replay) return false;
    const std::lock_guard lock(left_out_mutex);
    return !left_out.contains(authority(request.url));
  }
  [[nodiscard]] bool cancelled() const { return options.cancelled && options.cancelled(); }

  std::optional<std::chrono::steady_clock::time_point> limit() {
    const std::lock_guard lock(deadline_mutex);
    return deadline;
  }

  ClientOptions options;
  Clock& clock;
  Redactor redactor;
  Recorder recorder;
  Authenticator authenticator;
  Wire wire;
  std::mutex left_out_mutex;
  std::set<std::string, std::less<>> left_out;  ///< authorities
  std::mutex fleets_mutex;
  std::vector<std::unique_ptr<Fleet>> fleets;  ///< idle, with their connections
  std::mutex deadline_mutex;
  std::optional<std::chrono::steady_clock::time_point> deadline;
  std::atomic<std::size_t> waits = 0;
};

}  // namespace referee::http
