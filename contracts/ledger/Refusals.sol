// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC1155Errors} from "@openzeppelin/contracts/interfaces/draft-IERC6093.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {ILedgerErrors} from "./ILedgerErrors.sol";
import "./Codes.sol";
import {IERC7943MultiToken} from "./IERC7943MultiToken.sol";
import {Position} from "./Position.sol";
import {ProjectWord} from "./ProjectWord.sol";
import {Store} from "./Store.sol";

/// @title What a person is told when a move of units is refused. Linked, because nothing else follows.
library Refusals {
    using Math for uint256;

    /// @notice Reverts, always.
    /// @dev Reverts with the error that says most, and with the number that the rule compares with. The standards'
    /// own errors come first where they say what happened.
    function refuse(
        Store storage store,
        uint8 code,
        address from,
        address to,
        uint256 projectId,
        uint256 units
    ) external view {
        bool ofUnits = (code == FROZEN || code == LOCKED) && (store.accounts[from].flags | store.accounts[to].flags) & IS_FROZEN == 0;
        Position sender = store.positions[projectId][from].word;
        uint256 balance = sender.balance();
        if (ofUnits && units > balance) {
            revert IERC1155Errors.ERC1155InsufficientBalance(from, balance, units, projectId);
        }
        if (ofUnits && code == FROZEN) {
            uint256 unfrozen = balance.saturatingSub(sender.frozen());
            revert IERC7943MultiToken.ERC7943InsufficientUnfrozenBalance(from, projectId, units, unfrozen);
        }
        revert ILedgerErrors.TransferRestricted(
            code, from, to, projectId, units, _limitOf(store, code, sender, to, projectId)
        );
    }

    /// @notice See {ITerraLuminaOwnership-messageForTransferRestriction}.
    function messageOf(uint8 code) external pure returns (string memory) {
        if (code == OK) return "No restriction";
        if (code == PAUSED) return "The ledger is paused";
        if (code == PROJECT_STATE) return "The project's state doesn't allow it";
        if (code == SENDER_BLOCKED) return "The sender may not send";
        if (code == RECEIVER_NOT_ELIGIBLE) return "The receiver isn't registered to receive";
        if (code == RECEIVER_EXPIRED) return "The receiver's registration has expired";
        if (code == FROZEN) return "The account or the units are frozen";
        if (code == LOCKED) return "The units are locked up";
        if (code == HOLDER_CAP) return "The project has as many holders as it may";
        if (code == MAX_BALANCE) return "The receiver would hold too many units";
        if (code == COUNTRY) return "The receiver's country isn't allowed";
        if (code == OPERATOR_BLOCKED) return "The operator is blocked";
        if (code == EXIT_RUNNING) return "The project's exit is running";
        if (code == SUPPLY_CAP) return "The project's supply cap is reached";
        if (code == RECEIVER_REFUSES) return "The receiving contract refuses units";
        if (code == DAILY_MINT_CAP) return "No more units can be minted today";
        if (code == RULES_FAILED) return "The project's rules contract refuses or fails";
        return "The project's rules contract refuses";
    }

    function _limitOf(Store storage store, uint8 code, Position sender, address to, uint256 projectId)
        private
        view
        returns (uint256)
    {
        ProjectWord project = store.projects[projectId];
        if (code == PROJECT_STATE || code == EXIT_RUNNING) return uint256(project.state());
        if (code == RECEIVER_EXPIRED) return store.accounts[to].expiry;
        if (code == LOCKED) return sender.unlockDay();
        if (code == HOLDER_CAP) return project.maxHolders();
        if (code == MAX_BALANCE) return project.maxUnits();
        if (code == COUNTRY) return store.accounts[to].country;
        if (code == SUPPLY_CAP) return project.cap();
        if (code == DAILY_MINT_CAP) return store.budgets[projectId].cap;
        return 0;
    }
}
