#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "referee/http/client.hpp"
#include "referee/load/operation.hpp"

/// What registries are loaded with.
namespace referee::suites::load {

/// A GET and the answer that is right.
struct Get {
  std::string head;
  std::string body;  ///< what was pushed, or listed when everything had been pushed
  /// Says whether a body is right. Empty: exactly the bytes above, which is more than their digest says and takes less
  /// of the client's time. Called by several threads at once.
  std::function<bool(std::string_view got)> judge;
};

/// An operation that is a fixed row of GETs, of one of many objects.
class Fetch : public referee::load::Kind {
 public:
  /// `objects` are at least one, each at least one GET.
  Fetch(std::string name, std::vector<std::vector<Get>> objects);
  [[nodiscard]] std::string name() const override { return name_; }
  [[nodiscard]] std::unique_ptr<referee::load::Play> play() const override;
  [[nodiscard]] std::size_t largest_body() const override;
  /// Which one the operation with that number takes: all of them as often, in no order.
  [[nodiscard]] const std::vector<Get>& object(std::uint64_t number) const;

 private:
  std::string name_;
  std::vector<std::vector<Get>> objects_;
};

/// The bytes of a request's head, with its Authorization if the client knows one. Bodies are left out; the head says
/// that there are `length` bytes of it, if `length` is not negative.
std::string head_of(http::Client& client, const http::Request& request, std::int64_t length = -1);

}  // namespace referee::suites::load
