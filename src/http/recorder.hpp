#pragma once

#include <cstddef>
#include <mutex>

#include "redactor.hpp"
#include "referee/http/exchange.hpp"
#include "wire.hpp"

namespace referee::http {

/// Turns what happened on the wire into redacted Exchanges, numbers them and hands them to the sink, one at a time.
class Recorder {
 public:
  Recorder(ExchangeSink sink, const Redactor& redactor) : sink_(std::move(sink)), redactor_(redactor) {}

  /// Returns the number given. The bodies of token exchanges are not kept at all.
  std::size_t record(const WireRequest& request, const WireResult& result, Purpose purpose);

  [[nodiscard]] std::size_t count() const;

 private:
  ExchangeSink sink_;
  const Redactor& redactor_;
  mutable std::mutex mutex_;
  std::size_t count_ = 0;
};

}  // namespace referee::http
