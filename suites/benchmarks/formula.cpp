#include "formula.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <stdexcept>

#include "referee/embedded/files.hpp"

namespace referee::suites::benchmarks {
namespace {

using nlohmann::json;

const json& rows() {
  static const json kRows = json::parse(embedded::file("fixtures/formulas.json").value_or("")).at("variants");
  return kRows;
}

}  // namespace

std::optional<std::uint64_t> requests_of(std::string_view variant, bool inlined, std::string_view operation,
                                         const Symbols& symbols) {
  const auto row = rows().find(std::string(variant));
  if (row == rows().end()) return std::nullopt;
  const auto form = row->find(inlined ? "inlined" : "by_reference");
  if (form == row->end()) return std::nullopt;
  const auto terms = form->find(std::string(operation));
  if (terms == form->end()) return std::nullopt;
  std::uint64_t sum = 0;
  for (const auto& [symbol, factor] : terms->items()) {
    const auto value = symbols.find(symbol);
    const std::uint64_t times = symbol == "1" ? 1 : value == symbols.end() ? 0 : value->second;
    sum += factor.get<std::uint64_t>() * times;
  }
  return sum;
}

std::uint64_t verification_requests(std::string_view variant, bool inlined, bool annotated, std::uint64_t count,
                                    std::uint64_t wanted, std::uint64_t discovery) {
  const auto of = [&](std::string_view operation, std::uint64_t payloads, std::uint64_t pages) {
    return requests_of(variant, inlined, operation,
                       {{"N", count}, {"M", payloads}, {"pages", pages}, {"seek", pages}, {"any", count > 0 ? 1 : 0}});
  };
  const auto without = of("verify", 0, 0);
  if (!without) throw std::out_of_range(fmt::format("fixtures/formulas.json has no row for {}", variant));
  const auto pages = discovery > *without ? discovery - *without : 0;
  if (annotated) {
    if (const auto sum = of("verify_annotated", wanted, pages)) return *sum;
  }
  return of("verify", wanted, pages).value_or(*without);
}

}  // namespace referee::suites::benchmarks
