#include "imitation/description.hpp"

#include <cstdlib>
#include <iostream>

#include "referee/embedded/files.hpp"

namespace referee::imitation {
namespace {

constexpr std::string_view kFile = "fixtures/imitation.json";
constexpr std::string_view kModel = "${model}";

}  // namespace

runtimes::Description described(const Imitation& which) {
  std::string text(embedded::file(kFile).value_or(""));
  for (auto at = text.find(kModel); at != std::string::npos; at = text.find(kModel, at + which.name.size())) {
    text.replace(at, kModel.size(), which.name);
  }
  auto made = runtimes::parse_description(text);
  if (!made) {
    std::cerr << "referee: " << kFile << ": " << made.error() << '\n';
    std::exit(70);
  }
  made->name = which.name;
  made->about = which.about;
  return std::move(*made);
}

}  // namespace referee::imitation
