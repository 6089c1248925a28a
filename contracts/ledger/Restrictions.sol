// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {ITerraLuminaOwnership} from "../ITerraLuminaOwnership.sol";
import "./Codes.sol";
import {IERC7943MultiToken} from "./IERC7943MultiToken.sol";
import {OwnRules} from "./OwnRules.sol";
import {Position} from "./Position.sol";
import {ProjectWord} from "./ProjectWord.sol";
import {Refusals} from "./Refusals.sol";
import {Move, Store} from "./Store.sol";

/// @title Why a move of units would be refused: the one place that decides it.
/// @dev The update hook and the views call the same functions, so they can't disagree.
abstract contract Restrictions is ITerraLuminaOwnership, IERC7943MultiToken {
    using Math for uint256;

    /// @dev Country codes that the bitmap of four words has room for.
    uint256 private constant COUNTRIES = 1024;

    Store internal _store;

    /// @inheritdoc ITerraLuminaOwnership
    function detectTransferRestriction(address from, address to, uint256 projectId, uint256 units)
        public
        view
        returns (uint8 code)
    {
        return detectTransferRestrictionFrom(from, from, to, projectId, units);
    }

    /// @inheritdoc ITerraLuminaOwnership
    function detectTransferRestrictionFrom(
        address operator,
        address from,
        address to,
        uint256 projectId,
        uint256 units
    ) public view returns (uint8 code) {
        code = _restrictionOfParties(operator, from, to);
        if (code != OK) return code;
        Move memory move = Move(from, to, projectId, units);
        ProjectWord project = _store.projects[projectId];
        Position receiver = _store.positions[projectId][to].word;
        if (from == address(0)) return _restrictionOfMint(project, receiver, move);
        return _restrictionOfMove(project, _store.positions[projectId][from].word, receiver, move);
    }

    /// @inheritdoc ITerraLuminaOwnership
    function messageForTransferRestriction(uint8 code) external pure returns (string memory) {
        return Refusals.messageOf(code);
    }

    /// @inheritdoc IERC7943MultiToken
    function canTransfer(address from, address to, uint256 projectId, uint256 units) external view returns (bool) {
        return detectTransferRestriction(from, to, projectId, units) == OK;
    }

    /// @inheritdoc IERC7943MultiToken
    function canSend(address account) external view returns (bool) {
        return _sendRestriction(account) == OK;
    }

    /// @inheritdoc IERC7943MultiToken
    function canReceive(address account) external view returns (bool) {
        return _receiveRestriction(account) == OK;
    }

    /// @inheritdoc IERC7943MultiToken
    function getFrozenTokens(address account, uint256 projectId) external view returns (uint256) {
        return _store.positions[projectId][account].word.frozen();
    }

    /// @inheritdoc ITerraLuminaOwnership
    function paused() external view returns (bool) {
        return _store.paused;
    }

    /// @inheritdoc ITerraLuminaOwnership
    function movableOf(address holder, uint256 projectId) external view returns (uint256) {
        Position position = _store.positions[projectId][holder].word;
        return position.isExited() ? 0 : position.movableOn(_today());
    }

    /// @dev What depends on the addresses alone: a batch asks it once. `from` zero is a mint.
    function _restrictionOfParties(address operator, address from, address to) internal view returns (uint8 code) {
        if (_store.paused) return PAUSED;
        if (from != address(0)) {
            code = _sendRestriction(from);
            if (code != OK) return code;
        }
        code = _receiveRestriction(to);
        // Who mints needs no account, so none can bind it.
        bool byOther = operator != from && from != address(0);
        if (code == OK && byOther && _store.accounts[operator].flags & IS_FROZEN != 0) code = OPERATOR_BLOCKED;
    }

    function _restrictionOfMove(ProjectWord project, Position sender, Position receiver, Move memory move)
        internal
        view
        returns (uint8)
    {
        State state = project.state();
        if (state != State.Active && state != State.ExitAnnounced) return _closedCode(state);
        uint256 balance = sender.balance();
        uint256 units = move.units;
        uint256 frozen = sender.frozen();
        if (frozen != 0 && units > balance.saturatingSub(frozen)) return FROZEN;
        uint256 locked = sender.lockedOn(_today());
        if (locked != 0 && units > balance.saturatingSub(locked) && !_isLockExempt(move.to)) return LOCKED;
        // A holder who parts with everything makes room for the receiver.
        if (receiver.balance() == 0 && units != balance && units != 0 && move.from != move.to && project.isFull()) {
            return HOLDER_CAP;
        }
        return _restrictionByProject(project, receiver, move);
    }

    function _restrictionOfMint(ProjectWord project, Position receiver, Move memory move)
        internal
        view
        returns (uint8)
    {
        State state = project.state();
        if (state != State.Active) return _closedCode(state);
        if (move.units > project.cap() - project.supply()) return SUPPLY_CAP;
        if (receiver.balance() == 0 && move.units != 0 && project.isFull()) return HOLDER_CAP;
        return _restrictionByProject(project, receiver, move);
    }

    function _refuse(uint8 code, address from, address to, uint256 projectId, uint256 units) internal view {
        Refusals.refuse(_store, code, from, to, projectId, units);
    }

    function _today() internal view returns (uint256) {
        return block.timestamp / 1 days;
    }

    function _sendRestriction(address account) private view returns (uint8) {
        uint8 flags = _store.accounts[account].flags;
        if (flags & IS_FROZEN != 0) return FROZEN;
        return flags & MAY_SEND == 0 ? SENDER_BLOCKED : OK;
    }

    function _receiveRestriction(address account) internal view returns (uint8) {
        Account storage record = _store.accounts[account];
        uint8 flags = record.flags;
        if (flags & IS_FROZEN != 0) return FROZEN;
        if (flags & MAY_RECEIVE == 0) return RECEIVER_NOT_ELIGIBLE;
        return record.expiry < block.timestamp ? RECEIVER_EXPIRED : OK;
    }

    function _isLockExempt(address account) private view returns (bool) {
        return _store.accounts[account].flags & LOCK_EXEMPT != 0;
    }

    /// @dev Limits of one project on who receives and how much. Without limits it reads nothing more.
    function _restrictionByProject(ProjectWord project, Position receiver, Move memory move)
        private
        view
        returns (uint8)
    {
        if (project.maxHolderBps() != 0 && move.from != move.to && move.units != 0) {
            uint256 most = project.maxUnits();
            // Asked for first, so that the sum can't overflow.
            if (move.units > most || receiver.balance() + move.units > most) return MAX_BALANCE;
        }
        if (project.hasCountries() && _isBlocked(move.projectId, _store.accounts[move.to].country)) return COUNTRY;
        return project.hasRules()
            ? OwnRules.ask(_store.facts[move.projectId].rules, move.from, move.to, move.projectId, move.units)
            : OK;
    }

    /// @dev Codes beyond the bitmap belong to no country: blocked, so that a wrong record gains nothing.
    function _isBlocked(uint256 projectId, uint256 country) private view returns (bool) {
        return country >= COUNTRIES || (_store.blockedCountries[projectId][country >> 8] >> (country & 255)) & 1 != 0;
    }

    function _closedCode(State state) private pure returns (uint8) {
        return state == State.Exiting ? EXIT_RUNNING : PROJECT_STATE;
    }
}
