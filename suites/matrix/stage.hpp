#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

#include "referee/registry/server.hpp"
#include "shape.hpp"

namespace referee::suites::matrix {

/// What a client asked for.
struct Traffic {
  std::vector<registry::AccessRecord> requests;
  std::uint64_t bytes = 0;  ///< of response bodies
  /// Digests of the blobs that it fetched, each once, as the paths of GET requests name them.
  [[nodiscard]] std::vector<std::string> blobs() const;
};

/// A reference registry of one client's own, in this process, that has all shapes and writes down what it is asked.
class Stage {
 public:
  static tl::expected<std::unique_ptr<Stage>, std::string> set(const std::vector<Shape>& shapes);

  /// `127.0.0.1:PORT`
  [[nodiscard]] std::string registry() const;
  [[nodiscard]] std::string reference(const Shape& shape) const;
  /// What was asked since it was called last.
  Traffic take();

 private:
  Stage() = default;

  std::mutex mutex_;
  std::vector<registry::AccessRecord> records_;
  std::unique_ptr<registry::Server> server_;  ///< last: it writes to the others until it is gone
};

}  // namespace referee::suites::matrix
