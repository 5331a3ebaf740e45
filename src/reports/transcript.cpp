#include <nlohmann/json.hpp>

#include "json_values.hpp"
#include "referee/reports/writers.hpp"
#include "text.hpp"

namespace referee::reports {

std::string transcript_lines(const conformance::CheckResult& result) {
  std::string lines;
  for (const auto& exchange : result.raw.exchanges) {
    nlohmann::ordered_json line;
    line["schema"] = "referee.transcript/1";
    line["check"] = clip(result.raw.id, 256);
    line.update(exchange_value(exchange, {}));
    lines += dump(line);
    lines += '\n';
  }
  return lines;
}

}  // namespace referee::reports
