#pragma once

#include <chrono>
#include <string>
#include <tl/expected.hpp>
#include <vector>

namespace referee::http {

struct Output {
  int exit_code = 0;  ///< -1: ended by a signal
  std::string text;   ///< standard output
};

/// Runs a program found on PATH with `input` on its standard input; standard error is dropped. Fails with the end of a
/// sentence when it cannot start, takes longer than `limit` or prints more than `max_output` bytes; it is killed then.
tl::expected<Output, std::string> run_program(const std::vector<std::string>& command, const std::string& input,
                                              std::chrono::milliseconds limit, std::size_t max_output);

}  // namespace referee::http
