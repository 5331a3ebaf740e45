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

std::uint64_t pages_of(std::string_view variant, bool inlined, std::uint64_t count, std::uint64_t listing) {
  // A list without pages, and nothing fetched.
  const auto rest = requests_of(variant, inlined, "verify", {{"N", count}, {"any", count > 0 ? 1 : 0}});
  if (!rest) throw std::out_of_range(fmt::format("fixtures/formulas.json has no row for {}", variant));
  return listing > *rest ? listing - *rest : 0;
}

std::uint64_t verification_requests(std::string_view variant, bool inlined, bool annotated, std::uint64_t count,
                                    std::uint64_t wanted, std::uint64_t listing) {
  const auto pages = pages_of(variant, inlined, count, listing);
  const Symbols symbols{{"N", count}, {"M", wanted}, {"pages", pages}, {"seek", pages}, {"any", count > 0 ? 1 : 0}};
  auto sum = annotated ? requests_of(variant, inlined, "verify_annotated", symbols) : std::nullopt;
  if (!sum) sum = requests_of(variant, inlined, "verify", symbols);
  return sum ? *sum : 0;  // there is a row: pages_of() has seen it
}

}  // namespace referee::suites::benchmarks
