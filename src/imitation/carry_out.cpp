#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <exception>

#include "operations.hpp"

namespace referee::imitation {
namespace {

struct NamedOperation {
  std::string_view name;
  Done<std::string> (*carry_out)(const Imitation&, const Order&);
};

constexpr std::array kNamedOperations{
    NamedOperation{"pull", pull},         NamedOperation{"manifest", print_manifest},
    NamedOperation{"blob", fetch_blob},   NamedOperation{"tags", print_tags},
    NamedOperation{"push", push},         NamedOperation{"attach", attach},
    NamedOperation{"discover", discover}, NamedOperation{"discover-tagged", discover_tagged},
    NamedOperation{"copy", copy},         NamedOperation{"delete", remove},
    NamedOperation{"verify", verify},     NamedOperation{"prune", prune},
    NamedOperation{"save", save},         NamedOperation{"load", load},
};

Done<std::string> dispatch(const Imitation& imitation, const Order& order) {
  const auto* const found = std::ranges::find(kNamedOperations, order.operation, &NamedOperation::name);
  if (found != kNamedOperations.end()) return found->carry_out(imitation, order);
  return tl::unexpected(
      fmt::format("'{}' is nothing that it can do: choose {}", order.operation, fmt::join(operations(), ", ")));
}

}  // namespace

std::vector<std::string> operations() {
  std::vector<std::string> names;
  for (const auto& operation : kNamedOperations) names.emplace_back(operation.name);
  return names;
}

Answer carry_out(const Imitation& imitation, const Order& order) {
  try {
    auto done = dispatch(imitation, order);
    if (!done) return {false, "", one_line(std::move(done.error()))};
    return {true, std::move(*done), ""};
  } catch (const std::exception& error) {
    return {false, "", one_line(error.what())};
  }
}

}  // namespace referee::imitation
