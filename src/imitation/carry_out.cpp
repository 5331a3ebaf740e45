#include <fmt/format.h>

#include "operations.hpp"

namespace referee::imitation {
namespace {

Done<std::string> dispatch(const Imitation& imitation, const Order& order) {
  if (order.operation == "pull") return pull(imitation, order);
  return tl::unexpected(fmt::format("'{}' is nothing that it can do: choose pull", order.operation));
}

}  // namespace

Answer carry_out(const Imitation& imitation, const Order& order) {
  auto done = dispatch(imitation, order);
  if (!done) return {false, "", std::move(done.error())};
  return {true, std::move(*done), ""};
}

}  // namespace referee::imitation
