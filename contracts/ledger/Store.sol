// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ILedgerTypes} from "./ILedgerTypes.sol";
import {Position} from "./Position.sol";
import {ProjectWord} from "./ProjectWord.sol";
import {ReceiptWord} from "./ReceiptWord.sol";

/// @dev Lets a position be read and written through one pointer, so that its place is computed once.
struct PositionSlot {
    Position word;
}

/// @dev One move of units between two holders; `from` is zero for a mint.
struct Move {
    address from;
    address to;
    uint256 projectId;
    uint256 units;
}

/// @dev What a transfer needn't read of a project.
struct ProjectFacts {
    address payoutToken;
    uint32 metadataVersion;
    bool metadataFrozen;
    uint16 lockDays;
    address treasury;
    address rules;
    uint128 exitTargetPerUnit;
    uint128 buyOutPerUnit;
    bytes32 metadataHash;
    string uri;
}

/// @dev What vouchers minted on `day`, and may mint on any.
struct MintBudget {
    uint56 cap;
    uint56 minted;
    uint16 day;
}

/// @param cumulative Payouts per unit up to this epoch, times 2^64: amounts stay below 2^112, so 2^24 epochs fit
struct Epoch {
    uint200 cumulative;
    uint56 supply;
}

/// @dev A balance that held for the epochs after `previous` up to the one this node is stored under.
struct Node {
    uint56 balance;
    uint24 previous;
}

/// @param holder Who got the lot by {ITerraLuminaOwnership-transferLots}; zero while it is where it was minted
struct Lot {
    address holder;
    ILedgerTypes.LotState state;
}

/// @dev Everything the ledger stores of its own. One struct, so that its linked libraries can be given it.
struct Store {
    mapping(uint256 projectId => ProjectWord) projects;
    mapping(uint256 projectId => mapping(address holder => PositionSlot)) positions;
    mapping(address account => ILedgerTypes.Account) accounts;
    mapping(uint256 projectId => mapping(address holder => mapping(uint256 epoch => Node))) nodes;
    mapping(uint256 projectId => mapping(uint256 epoch => Epoch)) epochs;
    mapping(uint256 projectId => ProjectFacts) facts;
    mapping(uint256 projectId => MintBudget) budgets;
    mapping(uint256 projectId => uint256[4]) blockedCountries;
    mapping(uint256 projectId => ILedgerTypes.Exit) exits;
    mapping(uint256 projectId => mapping(address holder => uint256)) carried;
    mapping(bytes32 investmentId => ReceiptWord) receipts;
    mapping(bytes32 investmentId => Lot) lots;
    mapping(address account => ILedgerTypes.Role) roles;
    mapping(address account => address) successors;
    bool paused;
    bool hasVault;
}
