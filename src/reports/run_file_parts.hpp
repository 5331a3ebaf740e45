#pragma once

#include <nlohmann/json_fwd.hpp>
#include <vector>

#include "json_fields.hpp"
#include "referee/reports/run_file.hpp"

namespace referee::reports {

/// `timing` of the object.
void filed_timing(JsonFields& fields, const nlohmann::json& object, conformance::RunInfo& info);
/// An object of texts.
std::vector<conformance::Observation> filed_observations(JsonFields& fields, const nlohmann::json& object,
                                                         const char* key);

bool is_rubric(const nlohmann::json& document);
RunFile filed_rubric(JsonFields& fields, const nlohmann::json& document);
bool is_matrix(const nlohmann::json& document);
RunFile filed_matrix(JsonFields& fields, const nlohmann::json& document);

}  // namespace referee::reports
