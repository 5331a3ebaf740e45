#include <algorithm>

#include "defects.hpp"
#include "referee/imitation/imitation.hpp"
#include "referee/oci/select.hpp"

namespace referee::imitation {
namespace {

std::vector<Imitation> make_imitations() {
  std::vector<Imitation> all{{"sound", "Does everything as the specifications ask."}};
  for (const auto& selector : oci::selectors()) {
    if (selector.defect != oci::Selector::Defect::kNone) all.push_back({selector.id, selector.about});
  }
  all.push_back({"t.pulls-attachments", "Downloads the blobs of everything that an index lists."});
  for (const auto& defect : client_defects()) all.push_back({std::string(defect.name), std::string(defect.about)});
  return all;
}

}  // namespace

const std::vector<Imitation>& imitations() {
  static const std::vector<Imitation> kAll = make_imitations();
  return kAll;
}

const Imitation* find_imitation(std::string_view name) {
  const auto found = std::ranges::find(imitations(), name, &Imitation::name);
  return found == imitations().end() ? nullptr : &*found;
}

}  // namespace referee::imitation
