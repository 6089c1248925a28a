// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

// Restriction codes, see {ITerraLuminaOwnership-detectTransferRestriction}.
uint8 constant OK = 0;
uint8 constant PAUSED = 1;
uint8 constant PROJECT_STATE = 2;
uint8 constant SENDER_BLOCKED = 3;
uint8 constant RECEIVER_NOT_ELIGIBLE = 4;
uint8 constant RECEIVER_EXPIRED = 5;
uint8 constant FROZEN = 6;
uint8 constant LOCKED = 7;
uint8 constant HOLDER_CAP = 8;
uint8 constant MAX_BALANCE = 9;
uint8 constant COUNTRY = 10;
uint8 constant OPERATOR_BLOCKED = 11;
uint8 constant EXIT_RUNNING = 12;
uint8 constant SUPPLY_CAP = 13;
uint8 constant RECEIVER_REFUSES = 14;
uint8 constant DAILY_MINT_CAP = 15;
uint8 constant RULES_FAILED = 16;

// Flags of an account, see {ITerraLuminaOwnership-Account}.
uint8 constant MAY_SEND = 1;
uint8 constant MAY_RECEIVE = 2;
uint8 constant LOCK_EXEMPT = 4;
uint8 constant IS_FROZEN = 8;
uint8 constant IS_RETIRED = 16;
/// @dev Flags that a registrar may set.
uint8 constant KNOWN_FLAGS = 15;

/// @dev Most entries of a list in one call.
uint256 constant MAX_LIST = 256;
/// @dev Most gas that a receiver among several, or a DAO that is asked, may use, so that a greedy one can't starve the
/// others; and what must be left before its call, so that too little gas ends the batch instead of looking like a refusal.
uint256 constant RECEIVER_GAS = 500_000;
uint256 constant GAS_BEFORE_RECEIVER = 520_000;
/// @dev Most gas that a rules contract may use.
uint256 constant RULES_GAS = 100_000;
