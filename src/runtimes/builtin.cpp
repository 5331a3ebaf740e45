#include <algorithm>
#include <cstdlib>
#include <iostream>

#include "referee/embedded/files.hpp"
#include "referee/runtimes/description.hpp"

namespace referee::runtimes {
namespace {

constexpr int kInternalFault = 70;

std::vector<Description> read_builtin() {
  std::vector<Description> all;
  for (const auto path : embedded::files("fixtures/runtimes/")) {
    auto made = parse_description(embedded::file(path).value_or(""));
    if (!made) {
      std::cerr << "referee: " << path << ": " << made.error() << '\n';
      std::exit(kInternalFault);
    }
    all.push_back(std::move(*made));
  }
  std::ranges::sort(all, {}, &Description::name);
  return all;
}

}  // namespace

const std::vector<Description>& builtin_descriptions() {
  static const std::vector<Description> kAll = read_builtin();
  return kAll;
}

const Description* find_description(std::string_view name) {
  const auto& all = builtin_descriptions();
  const auto found = std::ranges::find(all, name, &Description::name);
  return found == all.end() ? nullptr : &*found;
}

}  // namespace referee::runtimes
