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

/// Bytes of a manifest that a registry must take to have all of them.
inline constexpr std::uint64_t kContentLimit = 64ULL << 20U;

/// What a client asked for.
struct Traffic {
  std::vector<registry::AccessRecord> requests;
  std::uint64_t bytes = 0;  ///< of response bodies
};

/// Pushes them to `referee/<id>` of a registry, each under the tag `v1`. Fails with one line.
tl::expected<void, std::string> push_shapes(const std::string& url, const std::vector<Shape>& shapes);

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
