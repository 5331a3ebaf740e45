#include <array>
#include <nlohmann/json.hpp>

#include "referee/http/exchange.hpp"

namespace referee::http {
namespace {

constexpr std::array<std::pair<Purpose, const char*>, 4> kPurposes = {{{Purpose::kRequest, "request"},
                                                                       {Purpose::kRetry, "retry"},
                                                                       {Purpose::kRedirect, "redirect"},
                                                                       {Purpose::kToken, "token"}}};

nlohmann::json to_array(const Headers& headers) {
  auto array = nlohmann::json::array();
  for (const auto& [name, value] : headers) array.push_back({name, value});
  return array;
}

Headers to_headers(const nlohmann::json& array) {
  Headers headers;
  for (const auto& field : array) headers.add(field.at(0).get<std::string>(), field.at(1).get<std::string>());
  return headers;
}

}  // namespace

void to_json(nlohmann::json& json, const Exchange& exchange) {
  const char* purpose = "request";
  for (const auto& [value, text] : kPurposes) {
    if (value == exchange.purpose) purpose = text;
  }
  json = {{"number", exchange.number},
          {"purpose", purpose},
          {"method", exchange.method},
          {"url", exchange.url},
          {"request_headers", to_array(exchange.request_headers)},
          {"request_body", exchange.request_body},
          {"request_size", exchange.request_size},
          {"request_bytes", exchange.request_bytes},
          {"status", exchange.status},
          {"version", exchange.version},
          {"response_headers", to_array(exchange.response_headers)},
          {"response_body", exchange.response_body},
          {"response_bytes", exchange.response_bytes},
          {"error", exchange.error},
          {"started", exchange.started},
          {"connect_seconds", exchange.connect_seconds},
          {"first_byte_seconds", exchange.first_byte_seconds},
          {"total_seconds", exchange.total_seconds}};
}

void from_json(const nlohmann::json& json, Exchange& exchange) {
  const auto purpose = json.at("purpose").get<std::string>();
  for (const auto& [value, text] : kPurposes) {
    if (purpose == text) exchange.purpose = value;
  }
  json.at("number").get_to(exchange.number);
  json.at("method").get_to(exchange.method);
  json.at("url").get_to(exchange.url);
  exchange.request_headers = to_headers(json.at("request_headers"));
  json.at("request_body").get_to(exchange.request_body);
  json.at("request_size").get_to(exchange.request_size);
  json.at("request_bytes").get_to(exchange.request_bytes);
  json.at("status").get_to(exchange.status);
  json.at("version").get_to(exchange.version);
  exchange.response_headers = to_headers(json.at("response_headers"));
  json.at("response_body").get_to(exchange.response_body);
  json.at("response_bytes").get_to(exchange.response_bytes);
  json.at("error").get_to(exchange.error);
  json.at("started").get_to(exchange.started);
  json.at("connect_seconds").get_to(exchange.connect_seconds);
  json.at("first_byte_seconds").get_to(exchange.first_byte_seconds);
  json.at("total_seconds").get_to(exchange.total_seconds);
}

}  // namespace referee::http
