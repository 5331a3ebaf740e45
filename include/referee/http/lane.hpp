#pragma once

#include <string>

namespace referee::http {

/// Names what the calling thread does, until the end of the object's life, so that a recording can be played: requests
/// of threads that race are matched thread by thread, whatever order they come in this time. Whoever starts several
/// threads that send requests gives each a name that is the same in every run. A thread without one has the empty name.
class Lane {
 public:
  explicit Lane(std::string name);
  explicit Lane(std::size_t number) : Lane(std::to_string(number)) {}
  ~Lane();
  Lane(const Lane&) = delete;
  Lane& operator=(const Lane&) = delete;

  /// Of the calling thread.
  static const std::string& current();

 private:
  std::string outer_;
};

}  // namespace referee::http
