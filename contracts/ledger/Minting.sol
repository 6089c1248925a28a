// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ERC1155Utils} from "@openzeppelin/contracts/token/ERC1155/utils/ERC1155Utils.sol";
import {ITerraLuminaOwnership} from "../ITerraLuminaOwnership.sol";
import {Holdings} from "./Holdings.sol";

/// @title Exactly one mint per investment, with its lock-up.
/// @dev The receipt is written before the receiver is called, so a receiver that calls back finds a replay.
abstract contract Minting is Holdings {
    uint256 internal constant MAX_ORDERS = 256;
    /// @dev Most gas that one receiver of a batch may use, so that a greedy one can't starve the others, and what must
    /// be left before its call, so that too little gas ends the batch instead of looking like a refusal.
    uint256 internal constant RECEIVER_GAS = 500_000;
    uint256 internal constant GAS_BEFORE_RECEIVER = 520_000;

    /// @inheritdoc ITerraLuminaOwnership
    function mintInvestment(bytes32 investmentId, uint24 projectId, address investor, uint56 units, uint16 unlockDay)
        external
        onlyRole(MINTER_ROLE)
        nonReentrant
        returns (bool minted)
    {
        Order memory order = Order(investmentId, investor, units, unlockDay);
        if (_isReplay(projectId, order)) return false;
        uint8 code = _restrictionOfOrder(projectId, order);
        if (code == SUPPLY_CAP) {
            ProjectSlot storage project = _projects[projectId];
            revert SupplyCapExceeded(projectId, project.cap, uint256(project.supply) + units);
        }
        if (code != OK) revert TransferRestricted(code, address(0), investor, projectId, units);
        _mint(msg.sender, projectId, order);
        return true;
    }

    /// @inheritdoc ITerraLuminaOwnership
    function mintInvestments(uint24 projectId, Order[] calldata orders)
        external
        onlyRole(MINTER_ROLE)
        nonReentrant
        returns (uint256 mintedBitmap)
    {
        if (orders.length > MAX_ORDERS) revert TooManyOrders(orders.length, MAX_ORDERS);
        for (uint256 i = 0; i < orders.length; ++i) {
            Order memory order = orders[i];
            if (_isReplay(projectId, order)) continue;
            uint8 code = _restrictionOfOrder(projectId, order);
            if (code == OK && !_mintOrCatch(projectId, order)) code = RECEIVER_REFUSES;
            if (code == OK) mintedBitmap |= 1 << i;
            else emit InvestmentSkipped(order.investmentId, projectId, code);
        }
    }

    /// @notice The ledger's call to itself, so that a receiver that refuses undoes its own order only.
    function mintOrder(address operator, uint24 projectId, Order calldata order) external onlySelf {
        _mint(operator, projectId, order);
    }

    /// @inheritdoc ITerraLuminaOwnership
    function release(bytes32[] calldata investmentIds) external {
        for (uint256 i = 0; i < investmentIds.length; ++i) _release(investmentIds[i]);
    }

    function _mintOrCatch(uint24 projectId, Order memory order) private returns (bool) {
        if (order.investor.code.length != 0) {
            if (gasleft() < GAS_BEFORE_RECEIVER) revert NotEnoughGas();
            try this.mintOrder{gas: RECEIVER_GAS}(msg.sender, projectId, order) {
                return true;
            } catch {
                return false;
            }
        }
        _mint(msg.sender, projectId, order);
        return true;
    }

    /// @dev Also refuses orders that make no sense, in a batch too: they are a programmer's mistake.
    function _isReplay(uint24 projectId, Order memory order) private view returns (bool) {
        if (order.investmentId == 0) revert InvalidInvestmentId();
        if (order.units == 0) revert ZeroUnits();
        Receipt memory seen = _receipts[order.investmentId];
        if (seen.units == 0) return false;
        bool same = seen.investor == order.investor && seen.units == order.units && seen.projectId == projectId
            && seen.unlockDay == order.unlockDay;
        if (!same) revert InvestmentConflict(order.investmentId);
        return true;
    }

    function _restrictionOfOrder(uint24 projectId, Order memory order) private view returns (uint8 code) {
        code = _restrictionOfParties(address(0), order.investor);
        if (code == OK) code = _restrictionOfMint(_projects[projectId], _positions[projectId][order.investor].balance, order.units);
    }

    function _mint(address operator, uint24 projectId, Order memory order) private {
        address investor = order.investor;
        uint56 units = order.units;
        _receipts[order.investmentId] = Receipt(investor, units, projectId, order.unlockDay);

        ProjectSlot storage project = _projects[projectId];
        Position storage position = _positions[projectId][investor];
        uint56 before = position.balance;
        project.supply += units;
        if (before == 0) ++project.holders;
        _remember(project.epoch, position, projectId, investor);
        position.balance = before + units;
        if (order.unlockDay != 0) _lock(position, order);

        emit TransferSingle(operator, address(0), investor, projectId, units);
        emit InvestmentMinted(order.investmentId, projectId, investor, units, order.unlockDay);
        ERC1155Utils.checkOnERC1155Received(operator, address(0), investor, projectId, units, "");
    }

    /// @dev Lots whose day has come are cleared first, so that a new lot never locks old ones again.
    function _lock(Position storage position, Order memory order) private {
        uint256 today = _today();
        if (order.unlockDay <= today) {
            _released[order.investmentId] = true;
            return;
        }
        if (position.locked != 0 && position.unlockDay <= today) {
            position.locked = 0;
            position.unlockDay = 0;
            position.clearedDay = uint16(today);
        }
        position.locked += order.units;
        if (order.unlockDay > position.unlockDay) position.unlockDay = order.unlockDay;
    }

    function _release(bytes32 investmentId) private {
        Receipt memory receipt = _receipts[investmentId];
        if (receipt.units == 0) revert UnknownInvestment(investmentId);
        if (receipt.unlockDay > _today()) revert LotStillLocked(investmentId, receipt.unlockDay);
        Position storage position = _positions[receipt.projectId][receipt.investor];
        // Covers lots without a lock-up too: their day is 0.
        if (receipt.unlockDay <= position.clearedDay || _released[investmentId]) return;
        _released[investmentId] = true;
        position.locked -= receipt.units;
        emit LotReleased(investmentId, receipt.projectId, receipt.investor, receipt.units);
    }
}
