#pragma once

#include <cstddef>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <vector>

#include "referee/http/exchange.hpp"

namespace referee::conformance {

/// The exchanges of the check that is running, numbered from 0. Keeps the first hundred, the last fifty and those that
/// a failure names, so that a check which asks ten thousand times cannot fill the memory; counts them all. Thread-safe.
class ExchangeLog {
 public:
  static constexpr std::size_t kFirst = 100;
  static constexpr std::size_t kLast = 50;

  /// `keep` false: counts, and remembers what was asked and the status, without headers and bodies; kept() is empty.
  explicit ExchangeLog(bool keep) : keep_(keep) {}

  /// Forgets everything; `base` is the number that the client will give to its next exchange.
  void begin(std::size_t base);
  void add(http::Exchange exchange);
  /// Keeps an exchange for good: the one with the client's number `number`, or the last one. Returns its number within
  /// the check; nullopt if it is not here.
  std::optional<std::size_t> pin(std::optional<std::size_t> number);
  /// One that is here, by its number within the check.
  [[nodiscard]] std::optional<http::Exchange> find(std::optional<std::size_t> number) const;
  /// Exchanges with purpose kRequest.
  [[nodiscard]] std::size_t requests() const;
  [[nodiscard]] std::vector<http::Exchange> kept() const;

 private:
  mutable std::mutex mutex_;
  bool keep_;
  std::size_t base_ = 0;
  std::size_t requests_ = 0;
  std::map<std::size_t, http::Exchange> kept_;
  std::set<std::size_t> pinned_;
};

}  // namespace referee::conformance
