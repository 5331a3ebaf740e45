// Faults of error answers.
#include <nlohmann/json.hpp>

#include "deviation_tools.hpp"

namespace referee::registry {

namespace {

constexpr auto kFault = DeviationKind::kFault;

const Deviation kDeviations[] = {
    {.info = {"r.error.lower-case-code", kFault, "error codes are written in lower case"},
     .after =
         [](const Request&, Response& response, Core&) {
           if (response.status < 400) return;
           edit_json(response, [](nlohmann::ordered_json& root) {
             for (auto& error : root["errors"]) {
               auto text = error["code"].get<std::string>();
               for (auto& c : text) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
               error["code"] = text;
             }
           });
         }},
};

}  // namespace

std::span<const Deviation> error_deviations() {
  return kDeviations;
}

}  // namespace referee::registry
